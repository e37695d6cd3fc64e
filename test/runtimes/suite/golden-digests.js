/** The SHA-256 of each message of golden.js, as packages/mime/test/golden.node.test.ts writes them. */
export const DIGESTS = {
  plain: '2CO/3Tpvc6ZFBpcYz0JlJYVuRg1scSB0dXhU7iTclGo=',
  subject: 'G3AQa67sxE7PiK5qC9/+MvONj/QA8uDUfpx3QgEIgNg=',
  alternative: 'nn4OtaxU/Dl25KgxBodtU7YfEmEsok8d0byBu3nJOGU=',
  related: 'XTHTLvWjocl3TczuFq3u+BomZvnlBtCC8XA2aJQqAao=',
  files: 'pLubezYtM4iEYM3PIyD+3nrxWYuxIHdj1tqHGUf0RsM=',
  calendar: 'PTbFVCMI8/+Y8t9IQlgIY5CfCjg3zbT1lyXFnPYJsec=',
  amp: 'n19YV0YyQlnGnA/bkpWdmOGcPJ3e7w8UIWzPr9+lC0k=',
  list: 'xHuZyQsgVOLWupUcHVXJfHN1/sYeoId2siW+c018jVk=',
  resent: '0Jb4jdwpsAnd0icciyExF8Gf5mShds2bMwQ8Ri5lvQM=',
  groups: 'q1k/LY1lWN+9wohMKIjgd4vxPhbDtE3qv3uMXvMyLXY=',
  thread: 'pq1gmBo+FQeJotvTHOHRerM+mlZg9ccLRZZqHk3x8fQ=',
  smtputf8: '65IqNXLkJss6+vnVuXvuYCYkNk1cXlrh88h7ASRdnQc=',
  'smtputf8-fallback': 'lgAYi9zrshLMJTIyzzf4mBQ1sKnXveHw71lg5pRoXMk=',
  '8bit': 'D4k8iYnIEQu//SCOhoIS3LMMAiydsrq+64dALQpXV70=',
  binary: 'pAV5VJ1/kFA34E93H1DKBCP2Mqsq9qCM1JJZ8w3BhGE=',
  tree: '+LKs5ADIxsxiZpAs1DgDlPgh473iBo23uFwfy+VYTDE=',
}
