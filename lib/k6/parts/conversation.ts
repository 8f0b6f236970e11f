// The part for conversations, loaded by the clients of such runs.
export { createConversation } from "../request/conversation.ts";
