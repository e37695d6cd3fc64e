export { type RedisSetClient, type RedisUsedTicketsOptions, redisUsedTickets } from './server/redis-used-tickets.ts'
