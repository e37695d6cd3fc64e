/** The SHA-256 of each message of golden.js, as packages/mime/test/golden.node.test.ts writes them. */
export const DIGESTS = {
  plain: 'HMgLfU2JaXbmLV8zsxSxUC1n1SyHrc8Jg3b2Q98+gyQ=',
  subject: 'A/WVvc0PPyC1wrSWI3XmAmj3Lno3zHKtpzdBQamshBQ=',
  alternative: 'liuBTAnlYjV46V+SThs1TjQaSobyN9oqVeHa/1yQQ4E=',
  related: 'yEWFI+onlk/RRLm6nKanjE2kssW9+AEPkUpceB68DtY=',
  files: 'W3Mh71zT4o31Ba1jd4VIoMT1Lsb/oXFq637HS7wKaoc=',
  calendar: 'waYyE/Ej1qWSUh52KtQJlZPepSDU8ccRdPsUZuEwoX8=',
  amp: 'Kq5ImbJPcQeoB1eEhSrphfOhzMlJybHl6CeceHbvX8k=',
  list: 'AVqSHz500ssp1iGloCQ+peT2p5azX8RUUUUyuWuiNWs=',
  resent: 'TAeTWaDmVxaN6Q9uTA1Kea1hfoq/3/r85ZmCdtkAEpY=',
  groups: '4hDD3/26d1+kATisll56JIIO6WxmFsoBrovdPQHQTGw=',
  thread: 'OpyDcd24t+wYg07QtfNGqEoR5JE+1ehgY/3NvjKXWsA=',
  smtputf8: 'izDGsGzWUlpq7sc6DHp5e1Js0hIZKte2fA/qcXhWgDc=',
  'smtputf8-fallback': 'SUqqP7cqSzbOIrpxJ5DnoIufwYdJNYQlhiA17AurNso=',
  '8bit': '51xPeS6jzfKiLZbMgyE46j3pWQjBXptLZE+XDEGl5cA=',
  binary: 'rfrMFmvfIzwH3nne7gpCnQK6M8UYwsVpvY6CUtoUnLY=',
  tree: 'uLf4f1zJlvVPctOXRnCl7QTmT4o+O9reuwnz7uFNeSM=',
}
