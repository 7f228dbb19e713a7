// MD5 (RFC 1321): the platform uses it to tell whether it already has a file, and WebCrypto does not offer it.
import type { Clock } from "../types.js";

const SHIFTS = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];
const BLOCK = 64;
/** Bytes between pauses, so that a large file does not hold up everything else that runs here. */
const PIECE = 1024 * BLOCK * 32;

/** The MD5 of bytes, in hexadecimal. */
export async function md5(bytes: Uint8Array): Promise<string> {
  const sines = Int32Array.from({ length: BLOCK }, (_, index) => Math.floor(Math.abs(Math.sin(index + 1)) * 2 ** 32));
  const state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476);
  const whole = bytes.length - (bytes.length % BLOCK);
  for (let start = 0; start < whole; start += PIECE) {
    if (start > 0) await new Promise<void>((resolve) => (globalThis as unknown as Clock).setTimeout(resolve, 0));
    add(state, bytes.subarray(start, Math.min(start + PIECE, whole)), sines);
  }
  const rest = bytes.subarray(whole);
  const last = new Uint8Array(rest.length < BLOCK - 8 ? BLOCK : 2 * BLOCK);
  last.set(rest);
  last[rest.length] = 0x80;
  const length = new DataView(last.buffer, last.length - 8);
  length.setUint32(0, bytes.length << 3, true);
  length.setUint32(4, Math.floor(bytes.length / 2 ** 29), true);
  add(state, last, sines);
  const result = new DataView(new ArrayBuffer(16));
  for (const [index, word] of state.entries()) result.setInt32(index * 4, word, true);
  return Array.from(new Uint8Array(result.buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Adds whole blocks to a digest. */
function add(state: Int32Array, bytes: Uint8Array, sines: Int32Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const words = new Int32Array(16);
  for (let block = 0; block < bytes.length; block += BLOCK) {
    for (let index = 0; index < 16; index++) words[index] = view.getInt32(block + index * 4, true);
    let a = state[0]!;
    let b = state[1]!;
    let c = state[2]!;
    let d = state[3]!;
    for (let step = 0; step < BLOCK; step++) {
      const round = step >> 4;
      let mixed: number;
      let word = step;
      if (round === 0) mixed = (b & c) | (~b & d);
      else if (round === 1) {
        mixed = (d & b) | (~d & c);
        word = 5 * step + 1;
      } else if (round === 2) {
        mixed = b ^ c ^ d;
        word = 3 * step + 5;
      } else {
        mixed = c ^ (b | ~d);
        word = 7 * step;
      }
      const sum = (a + mixed + sines[step]! + words[word & 15]!) | 0;
      const shift = SHIFTS[round * 4 + (step & 3)]!;
      a = d;
      d = c;
      c = b;
      b = (b + ((sum << shift) | (sum >>> (32 - shift)))) | 0;
    }
    state[0] = (state[0]! + a) | 0;
    state[1] = (state[1]! + b) | 0;
    state[2] = (state[2]! + c) | 0;
    state[3] = (state[3]! + d) | 0;
  }
}
