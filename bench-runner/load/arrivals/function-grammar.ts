// The grammar of an arrival function: the subset of Python's expressions that can count requests. Read by ohm-js.
import { type Grammar, grammar } from "ohm-js";

// A description in brackets is what an error says was expected. Rules with a capital skip white space. Chains are loops,
// not recursion: only brackets deepen the parser's stack.
const SOURCE = `
  ArrivalFunction {
    Text = lambda parameter colon Choice finish  -- lambda
         | Choice finish                         -- plain

    Choice = Either (if Either else Either)*
    Either = Both (or Both)*
    Both = Negation (and Negation)*
    Negation = not* Comparison
    Comparison = Sum (comparator Sum)*
    Sum = Product (plusOrMinus Product)*
    Product = Signed (timesOrOver Signed)*
    Signed = sign* Power
    Power = Operand (power sign* Operand)*

    Operand = number                    -- number
            | constant                  -- constant
            | Name open Operands close  -- call
            | Name                      -- name
            | bracket Choice close      -- brackets
    Operands = Choice (comma Choice)* comma?  -- some
             | ""                             -- none
    Name = name (dot name)*

    number (an operand) = pointed | scaled | zero | whole
    pointed = mantissa exponent?
    mantissa = digits "." digits?  -- after
             | "." digits          -- before
    scaled = digits exponent
    zero = "0" ("_"? "0")*
    whole = "1".."9" ("_"? digit)*
    digits = digit ("_"? digit)*
    exponent = ("e" | "E") ("+" | "-")? digits

    constant (an operand) = ("None" | "True" | "False") ~namePart
    name (an operand) = ~(reserved ~namePart) nameStart namePart*
    parameter (a name) = name
    nameStart = letter | "_"
    namePart = letter | digit | "_"
    reserved = "and" | "assert" | "async" | "as" | "await" | "break" | "class" | "continue" | "def" | "del" | "elif" | "else"
             | "except" | "False" | "finally" | "for" | "from" | "global" | "if" | "import" | "in" | "is" | "lambda" | "None"
             | "nonlocal" | "not" | "or" | "pass" | "raise" | "return" | "True" | "try" | "while" | "with" | "yield"

    lambda (an operand) = "lambda" ~namePart
    not (an operand) = "not" ~namePart
    sign (an operand) = "+" | "-"
    bracket (an operand) = "("
    if (an operator) = "if" ~namePart
    and (an operator) = "and" ~namePart
    or (an operator) = "or" ~namePart
    comparator (an operator) = "<=" | "<" | ">=" | ">" | "==" | "!="
    plusOrMinus (an operator) = "+" | "-"
    timesOrOver (an operator) = "//" | "/" | "%" | "*" ~"*"
    power (an operator) = "**"
    dot (an operator) = "."
    open (an operator) = "("
    else (an else) = "else" ~namePart
    colon (a colon) = ":"
    comma (a comma) = ","
    close (a closing bracket) = ")"
    finish (the end) = end
  }`;

/** The descriptions of the grammar, in the order in which an error lists them. */
export const EXPECTATIONS = [
  "an operand",
  "a name",
  "an operator",
  "an else",
  "a colon",
  "a comma",
  "a closing bracket",
  "the end",
];

let compiled: Grammar | undefined;

/** Compiled at the first call, which takes some 50 ms: most runs have no arrival function. */
export function getFunctionGrammar(): Grammar {
  compiled ??= grammar(SOURCE);
  return compiled;
}
