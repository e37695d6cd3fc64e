/** The module that Cloudflare's runtime brings along; declared here so that nothing need be installed for its types. */
declare module 'cloudflare:sockets' {
  export const connect: import('./sockets-api.ts').SocketsConnect
}
