// SGLang on the CPU, with the tiny model: its package without the parts that are for GPUs only.
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { installPackages } from "../../python-environment.ts";
import type { RealServer } from "../real-server.ts";
import { SERVERS_FOLDER } from "../servers-folder.ts";
import { makeTinyModel } from "../tiny-model.ts";
import { TINY_EXPECTED } from "./vllm.ts";

const VERSION = "0.5.23";
const KEY = "sk-real-servers-key";

/** Gigabytes of kernels and libraries for GPUs: nothing on the CPU's path needs them. */
const FOR_GPUS = [
  ...[
    "flash-attn-4",
    "flashinfer-python",
    "humming-kernels",
    "kernels",
    "nvidia-cutlass-dsl",
    "quack-kernels",
  ],
  ...[
    "sgl-deep-ep",
    "sgl-deep-gemm",
    "sgl-flash-mla",
    "sglang-kernel",
    "tilelang",
    "cuda-python",
    "cuda-tile",
  ],
  ...["nccl4py", "nccl-extensions", "nvshmem4py-cu13", "nvidia-mathdx"],
  ...["tml-renderers", "modelscope", "torchcodec"],
];

const PACKAGES = {
  folder: join(SERVERS_FOLDER, "sglang"),
  requirements: [`sglang==${VERSION}`],
  overrides: [
    ...["torch==2.13.0", "torchvision", "torchaudio", "triton"],
    ...FOR_GPUS.map((name) => `${name}; python_version < '3'`),
  ],
};

/**
 * The kernels of SGLang for CPUs are in no package. Its plain PyTorch path only imports the module: here it has every name, and a
 * call of one fails.
 */
const NO_KERNELS = `def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)

    def missing(*args, **kwargs):
        raise NotImplementedError("sgl_kernel." + name)

    return missing
`;

function writeNoKernels(programs: string): void {
  const libraries = join(programs, "..", "lib");
  const python = readdirSync(libraries).find((name) => name.startsWith("python"));
  const folder = join(libraries, python ?? "", "site-packages", "sgl_kernel");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "__init__.py"), NO_KERNELS);
}

const OPTIONS = [
  ...["--device", "cpu", "--attention-backend", "torch_native", "--sampling-backend", "pytorch"],
  ...["--disable-overlap-schedule", "--cuda-graph-backend-decode", "disabled"],
  ...["--cuda-graph-backend-prefill", "disabled", "--max-total-tokens", "8192"],
  ...["--max-running-requests", "8", "--enable-metrics", "--enable-cache-report", "--skip-server-warmup"],
];

export const sglang: RealServer = {
  name: "SGLang on the CPU",
  obtain: async () => {
    const programs = await installPackages(PACKAGES);
    writeNoKernels(programs);
    const model = await makeTinyModel(programs);
    return {
      version: VERSION,
      plan: ({ server }) => [
        {
          name: "sglang",
          file: join(programs, "python"),
          args: [
            ...["-m", "sglang.launch_server", "--model-path", model, "--served-model-name", "tiny"],
            ...["--host", "127.0.0.1", "--port", String(server), "--api-key", KEY, ...OPTIONS],
          ],
          env: { SGLANG_USE_CPU_ENGINE: "1", HF_HUB_OFFLINE: "1", OMP_NUM_THREADS: "1" },
          readyUrl: `http://127.0.0.1:${server}/v1/models`,
          key: KEY,
          readySeconds: 900,
        },
      ],
      expected: { ...TINY_EXPECTED, software: "SGLang", key: KEY },
    };
  },
};
