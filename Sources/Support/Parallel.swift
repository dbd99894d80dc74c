import Dispatch

/// Does `count` independent pieces of work on at most `threads` threads, in an unspecified order. A piece must write only
/// what is its own; results that are put together in the order of the pieces do not depend on the number of threads.
package func forEachInParallel(_ count: Int, threads: Int, _ work: (Int) -> Void) {
  let workers = min(max(threads, 1), count)
  if workers <= 1 {
    for piece in 0..<count { work(piece) }
    return
  }
  // The pieces are independent, and all are done when this returns.
  nonisolated(unsafe) let work = work
  DispatchQueue.concurrentPerform(iterations: workers) { worker in
    for piece in stride(from: worker, to: count, by: workers) { work(piece) }
  }
}

/// The values of a function at 0 ..< count, in order, computed on at most `threads` threads.
/// - Parameter chunk: how many successive values are one piece of work.
package func parallelMap<Value>(_ count: Int, threads: Int, chunk: Int = 1, _ transform: (Int) -> Value) -> [Value] {
  [Value](unsafeUninitializedCapacity: count) { buffer, initialized in
    nonisolated(unsafe) let buffer = buffer  // each value is written once
    forEachInParallel((count + chunk - 1) / chunk, threads: threads) { piece in
      for index in (piece * chunk)..<min((piece + 1) * chunk, count) {
        buffer.initializeElement(at: index, to: transform(index))
      }
    }
    initialized = count
  }
}
