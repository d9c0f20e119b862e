// The client as node 20 can run it: it asks for node 22, of which it uses only this one function.
Promise.withResolvers ??= function () {
  const deferred = {}
  deferred.promise = new this((resolve, reject) => Object.assign(deferred, { resolve, reject }))
  return deferred
}

export const kafka = await import('@platformatic/kafka')
export const options = address => ({ clientId: 'fastlog-interop', bootstrapBrokers: [address] })
