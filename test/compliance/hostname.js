/** The name that the certificates of the test servers prove. */
export const HOSTNAME = 'mx.example'
