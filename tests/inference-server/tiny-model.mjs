// Writes a GGUF language model of random weights, the same ones each time: 92 characters and the line feed as its tokens, two layers, 380 kB.
import { writeFileSync } from 'node:fs'

const [vocabulary, width, layers, heads, inner, context] = [96, 64, 2, 4, 128, 256]
const [uint32, int32, float32, string, array] = [4, 5, 6, 8, 9]
const characters = Array.from({ length: vocabulary - 4 }, (_, i) => (i === 0 ? '\u2581' : String.fromCharCode(32 + i)))
const tokens = ['<unk>', '<s>', '</s>', ...characters, '<0x0A>'] // llama.cpp ends at a line feed in a prompt when there is no token for it.

const le = (size, write) => { const bytes = Buffer.alloc(size); write(bytes); return bytes }
const u32 = (n) => le(4, (b) => b.writeUInt32LE(n))
const i32 = (n) => le(4, (b) => b.writeInt32LE(n))
const u64 = (n) => le(8, (b) => b.writeBigUInt64LE(BigInt(n)))
const f32 = (x) => le(4, (b) => b.writeFloatLE(x))
const text = (s) => Buffer.concat([u64(Buffer.byteLength(s)), Buffer.from(s)])

const settings = []
const set = (key, type, value) => settings.push(Buffer.concat([text(key), u32(type), value]))
const list = (type, values) => Buffer.concat([u32(type), u64(values.length), ...values])
set('general.architecture', string, text('llama'))
set('general.name', string, text('tiny'))
for (const [key, value] of [
  ['context_length', context], ['embedding_length', width], ['block_count', layers], ['feed_forward_length', inner],
  ['attention.head_count', heads], ['attention.head_count_kv', heads], ['rope.dimension_count', width / heads], ['vocab_size', vocabulary],
]) set(`llama.${key}`, uint32, u32(value))
set('llama.attention.layer_norm_rms_epsilon', float32, f32(1e-5))
set('tokenizer.ggml.model', string, text('llama'))
set('tokenizer.ggml.tokens', array, list(string, tokens.map(text)))
set('tokenizer.ggml.scores', array, list(float32, tokens.map(() => f32(0))))
set('tokenizer.ggml.token_type', array, list(int32, tokens.map((_, i) => i32(i === 0 ? 2 : i < 3 ? 3 : i < vocabulary - 1 ? 1 : 6))))
for (const [key, value] of [['bos', 1], ['eos', 2], ['unknown', 0]]) set(`tokenizer.ggml.${key}_token_id`, uint32, u32(value))

const tensors = [['token_embd.weight', [width, vocabulary]], ['output_norm.weight', [width]], ['output.weight', [width, vocabulary]]]
for (let layer = 0; layer < layers; layer++) {
  const name = (part) => `blk.${layer}.${part}.weight`
  tensors.push([name('attn_norm'), [width]], ...['q', 'k', 'v', 'output'].map((part) => [name(`attn_${part}`), [width, width]]))
  tensors.push([name('ffn_norm'), [width]], [name('ffn_gate'), [width, inner]], [name('ffn_up'), [width, inner]], [name('ffn_down'), [inner, width]])
}

// mulberry32, and from it normal numbers by Box and Muller.
let state = 7
const random = () => {
  state = (state + 0x6d2b79f5) | 0
  let t = Math.imul(state ^ (state >>> 15), 1 | state)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296
}
const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())

const padded = (bytes, size) => Buffer.concat([bytes, Buffer.alloc((size - (bytes.length % size)) % size)])
const [infos, data] = [[], []]
let offset = 0
for (const [name, shape] of tensors) {
  const count = shape.reduce((product, n) => product * n, 1)
  const values = Buffer.concat(Array.from({ length: count }, () => f32(shape.length === 1 ? 1 : 0.3 * normal())))
  infos.push(Buffer.concat([text(name), u32(shape.length), ...shape.map(u64), u32(0), u64(offset)]))
  data.push(padded(values, 32))
  offset += data.at(-1).length
}

export function writeTinyModel(file) {
  const head = Buffer.concat([Buffer.from('GGUF'), u32(3), u64(tensors.length), u64(settings.length), ...settings, ...infos])
  writeFileSync(file, Buffer.concat([padded(head, 32), ...data]))
}
