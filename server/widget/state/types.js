/**
 * What passes between the layers. Server events are those of docs/widget-protocol.md.
 *
 * @typedef {"bot"|"queue"|"agent"|"closed"} Owner
 * @typedef {"bot"|"agent"|"shopper"|"system"} Author
 * @typedef {{title: string, payload: string}} Button
 *
 * @typedef {{sku: string, name: string, option?: string, quantity?: number, price?: string}} OrderItem
 * @typedef {{type: "order_card", order_id: string, status: string, status_text: string, amount?: string, paid_at?: string|null,
 *   items?: OrderItem[], note?: string, payload?: string}} OrderCard
 * @typedef {{type: "order_list", title?: string, items: OrderCard[]}} OrderList
 * @typedef {{type: "parcel_card", order_id: string, courier: string, tracking_no: string, status: string, status_text: string,
 *   eta?: string|null, scans?: {time: string, text: string}[]}} ParcelCard
 * @typedef {{type: "refund_card", order_id: string, aftersale_id: string, kind: string, status: string, status_text: string,
 *   amount?: string, steps?: {text: string, time?: string|null, done: boolean}[]}} RefundCard
 * @typedef {{sku: string, name: string, price: string, summary?: string, stock_text?: string,
 *   url?: string|null, why?: string}} ProductItem
 * @typedef {{type: "product_cards", items: ProductItem[]}} ProductCards
 * @typedef {{type: "ticket_card", ticket_no: string, class?: string|null, class_text?: string, status?: string, status_text?: string,
 *   promised_at?: string}} TicketCard
 * @typedef {{type: "knowledge", article: string, title: string, score?: number, band?: string}} KnowledgeSource
 * @typedef {{type: "suggestions", items: {title: string, payload?: string}[]}} Suggestions
 * @typedef {{type: "handoff", reason?: string, position?: number, eta_seconds?: number}} HandoffNotice
 * @typedef {{type: "rating_request"|"upload_request"|"language"}} Request
 * @typedef {OrderCard|OrderList|ParcelCard|RefundCard|ProductCards|TicketCard|KnowledgeSource|Suggestions|HandoffNotice|Request} Card
 *
 * @typedef {{open: boolean, opens_at?: string|null}} Desk
 *
 * @typedef {{type: "welcome", session: string, owner: Owner, position?: number, eta_seconds?: number, name?: string, shop?: string,
 *   hot?: {title: string}[], subject?: ProductCards|OrderCard|null, desk?: Desk, session_new?: boolean}} WelcomeEvent
 * @typedef {{type: "message", seq: number, from: Author, time?: string, id?: string, name?: string, language?: string, text?: string, buttons?: Button[],
 *   image?: string, custom?: Card}} MessageEvent
 * @typedef {{type: "ack", id: string, seq: number}} AckEvent
 * @typedef {{type: "typing", from?: "bot"|"agent"}} TypingEvent
 * @typedef {{type: "owner", owner: Owner, position?: number, eta_seconds?: number, name?: string}} OwnerEvent
 * @typedef {{type: "error", code: string, message?: string, id?: string, retry_after?: number}} ErrorEvent
 * @typedef {{type: "pong"}} PongEvent
 * @typedef {WelcomeEvent|MessageEvent|AckEvent|TypingEvent|OwnerEvent|ErrorEvent|PongEvent} ServerEvent
 *
 * @typedef {{type: "message", id: string, text: string}
 *   | {type: "button", id: string, payload: string, text: string}
 *   | {type: "upload", id: string, file: string, text: string}
 *   | {type: "request_human", id: string, text: string}
 *   | {type: "rating", id: string, stars: number, text: string}} Outgoing
 *   A message of the shopper; of `text` only those of `message` and `rating` are sent, the others stand in the bubble.
 *
 * @typedef {"uploading"|"sending"|"sent"|"failed"} Delivery
 *
 * @typedef {object} ChatMessage
 * @property {string} key          stays the same from the moment it is shown
 * @property {number|null} seq     null until the server has it
 * @property {number} rank         place in the conversation: the number, or where a message stopped that could not be sent
 * @property {string|null} id      the sender's own id
 * @property {Author} from
 * @property {string|null} name    the agent's name
 * @property {number} time         milliseconds since 1970
 * @property {string} text
 * @property {Button[]} buttons
 * @property {string|null} image
 * @property {Card|null} custom
 * @property {Delivery} delivery
 * @property {string|null} error   code of the refusal, when `delivery` is "failed"
 * @property {Outgoing|null} outgoing  what is sent again on request
 *
 * @typedef {object} State
 * @property {boolean} open
 * @property {"idle"|"connecting"|"online"|"offline"} link
 * @property {string|null} session
 * @property {Owner} owner
 * @property {number|null} position
 * @property {number|null} etaSeconds
 * @property {string|null} agent
 * @property {string|null} shop
 * @property {string[]} hot
 * @property {ProductCards|OrderCard|null} subject
 * @property {Desk|null} desk
 * @property {string|null} language   of the talk, once something was said
 * @property {number} lastSeq      the highest number received
 * @property {ChatMessage[]} messages  by number, those not yet acknowledged last
 * @property {{from: "bot"|"agent", since: number}|null} typing
 * @property {number} readSeq      the highest number that stood on an open panel
 * @property {string[]} used       payloads of buttons that were pressed
 */
export {};
