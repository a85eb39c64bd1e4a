/**
 * The shapes the desk works with. Wire shapes become these in `connection/wire.js` and nowhere else.
 *
 * @typedef {{id: string, name: string, role: string}} Agent
 * @typedef {"queued" | "active" | "closed"} HandoffState
 * @typedef {{code: string, text: string}} Failure
 *
 * @typedef {object} Clock one promise of the service level
 * @property {number} dueAt milliseconds by the clock of this machine
 * @property {number} totalS seconds the promise gave in all
 * @property {boolean} done the promise is kept or broken, the clock stands
 * @property {boolean} kept
 *
 * @typedef {object} Last the newest message of a conversation, for the row in the list
 * @property {number} seq
 * @property {string} from
 * @property {string} text
 * @property {number} at milliseconds
 * @property {number} since when its speaker began to speak: a shopper waits since the first message nobody answered
 *
 * @typedef {object} Row a hand-off as the lists show it
 * @property {string} id
 * @property {string} conversation
 * @property {HandoffState} state
 * @property {string} reason
 * @property {string} skill
 * @property {string} priority
 * @property {number} rank 0 is the most urgent
 * @property {number} queuedAt
 * @property {number} closedAt
 * @property {Agent | null} agent who holds it
 * @property {string} wanted name of the colleague it was transferred to
 * @property {string} name the shopper's, masked
 * @property {string} level
 * @property {Clock | null} firstReply
 * @property {Clock | null} solve
 * @property {Last | null} last
 * @property {number} shiftMs how far the clock of the conversation is ahead of ours (demo fixtures have clocks of their own)
 * @property {number} position place in the queue, 0 when unknown
 * @property {string} outcome
 * @property {string} note what the agent wrote when it was closed
 * @property {string} searchText what else the search finds it by
 *
 * @typedef {object} Parse
 * @property {string} intent
 * @property {number | null} confidence
 * @property {string} mood
 *
 * @typedef {object} Message
 * @property {number} seq 0 while it is on its way
 * @property {string} id the sender's own id, "" when it has none
 * @property {"shopper" | "bot" | "agent" | "system"} from
 * @property {string} name
 * @property {boolean} isPrivate
 * @property {number} at
 * @property {string} text
 * @property {string[]} buttons titles
 * @property {string} image
 * @property {Card | null} card
 * @property {Parse | null} parse
 * @property {"sending" | "sent" | "failed"} state
 *
 * @typedef {{type: string} & Record<string, any>} Card `custom` of docs/design.md
 * @typedef {{name: string, value: string, verified: boolean, by: string}} Fact
 * @typedef {{seq: number, label: string, score: number}} Mood
 * @typedef {{seq: number, intent: string, text: string, result: string}} Attempt what the bot tried
 * @typedef {{id: string, title: string, answer: string, score: number}} Article
 *
 * @typedef {object} Shopper
 * @property {string} id
 * @property {string} name
 * @property {string} level
 * @property {string} language
 * @property {string} channel
 * @property {string[]} tags
 * @property {Card[]} tickets
 * @property {{field: string, value: string, mayReveal: boolean}[]} personal
 *
 * @typedef {object} Packet what an agent must know
 * @property {string} summary
 * @property {string} complaintClass
 * @property {Shopper} shopper
 * @property {Card[]} cards order, parcel and refund
 * @property {Fact[]} facts
 * @property {Mood[]} moods
 * @property {Attempt[]} tried
 * @property {Article[]} articles
 * @property {string} suggestedReply
 *
 * @typedef {object} Draft
 * @property {string} text
 * @property {boolean} isPrivate
 *
 * @typedef {object} Chat one conversation as this desk has loaded it
 * @property {"loading" | "ready" | "failed"} status
 * @property {Failure | null} failure
 * @property {Packet | null} packet
 * @property {Message[]} messages stored ones by number, then those on their way
 * @property {number} typingUntil
 * @property {Draft} draft
 * @property {boolean} suggestionUsed
 *
 * @typedef {{status: "idle" | "loading" | "ready" | "failed", failure: Failure | null}} ListStatus
 * @typedef {"help" | "transfer" | "close" | null} Dialog
 * @typedef {"open" | "closed"} Tab
 *
 * @typedef {object} State
 * @property {"unknown" | "out" | "in"} session
 * @property {Failure | null} loginFailure
 * @property {Agent | null} agent
 * @property {"online" | "busy"} presence
 * @property {"connecting" | "online" | "offline"} link
 * @property {Record<HandoffState, ListStatus>} lists
 * @property {Record<string, Row>} rows by hand-off
 * @property {Record<string, Chat>} chats by conversation
 * @property {Record<string, number>} seen newest number looked at, by conversation
 * @property {Tab} tab
 * @property {string} search
 * @property {string | null} cursor row the keyboard stands on
 * @property {string | null} open hand-off in the middle column
 * @property {boolean} contextShown on narrow screens
 * @property {Dialog} dialog
 * @property {string | null} busy name of the action under way
 * @property {{text: string, kind: "info" | "error"} | null} notice
 */

export {};
