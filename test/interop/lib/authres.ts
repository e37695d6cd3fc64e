/** Python's authres as reader and writer of Authentication-Results: one process that answers jobs, a line of JSON each. */
import type { AuthenticationResults } from '@posthorn/auth'
import { LinePeer } from './line-peer.ts'

// Without features every method is treated alike.
const SCRIPT = `
import sys, json, authres
context = authres.FeatureContext()
def read(field):
    header = context.parse(field)
    results = []
    for one in header.results:
        if isinstance(one, authres.NoneAuthenticationResult):
            continue
        properties = [{'ptype': p.type, 'property': p.name, 'value': p.value} for p in one.properties]
        results.append({'method': one.method, 'methodVersion': one.version, 'result': one.result, 'reason': one.reason, 'properties': properties})
    return {'authservId': header.authserv_id, 'version': header.version, 'results': results}
def write(value):
    results = []
    for one in value['results']:
        properties = [authres.AuthenticationResultProperty(p['ptype'], p['property'], p['value']) for p in one['properties']]
        version = one.get('methodVersion')
        results.append(authres.AuthenticationResult(one['method'], version=None if version is None else str(version), result=one['result'], reason=one.get('reason'), properties=properties))
    version = value.get('version')
    return str(authres.AuthenticationResultsHeader(authserv_id=value['authservId'], version=None if version is None else str(version), results=results))
for line in sys.stdin:
    job = json.loads(line)
    try:
        done = read(job['field']) if 'field' in job else write(job['value'])
    except Exception as error:
        done = {'failure': type(error).__name__ + ': ' + str(error)}
    print(json.dumps(done), flush=True)
`

/** authres at work. */
export class Authres extends LinePeer {
  constructor() {
    super('/usr/bin/python3', ['-W', 'ignore', '-c', SCRIPT])
  }

  /** Reads a field; versions are texts, and what is absent is null. */
  read(field: string): Promise<unknown> {
    return this.ask({ field })
  }

  /** Writes a field, without its CRLF. */
  write(value: AuthenticationResults): Promise<string | { readonly failure: string }> {
    return this.ask({ value })
  }
}
