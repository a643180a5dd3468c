// Serves the tiny model as OpenAI's chat completions, on 127.0.0.1 with a free port: node server.mjs FOLDER. Says its address in one line of
// JSON. Ends with its standard input, so that it never outlives the test that started it.
import { join } from 'node:path'
import { InferenceServer, createExpressServer } from 'inference-server'
import { writeTinyModel } from './tiny-model.mjs'

const folder = process.argv[2]
const location = join(folder, 'tiny.gguf')
writeTinyModel(location)
console.debug = () => {} // It says each request.

const server = new InferenceServer({
  log: 'error',
  modelsCachePath: folder,
  concurrency: 4,
  models: {
    tiny: {
      task: 'text-completion', engine: 'node-llama-cpp', location, contextSize: 256, prepare: 'blocking', minInstances: 1, maxInstances: 2,
      device: { gpu: false, cpuThreads: 1 },
      completionDefaults: { maxTokens: 120 }, // It would go on for ever: the model knows no end.
    },
  },
})
await server.start()
process.stdin.on('end', () => process.exit(0)).resume()
const http = createExpressServer(server)
http.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ url: `http://127.0.0.1:${http.address().port}/openai/v1` })))
