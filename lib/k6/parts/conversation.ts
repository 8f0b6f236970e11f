// The part for conversations, which the clients of such runs load.
export { createConversation } from "../request/conversation.ts";
