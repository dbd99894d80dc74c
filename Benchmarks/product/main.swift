import CGSL
import CKernels
import Foundation
import Probability

/// c (rows × columns) += a (rows × inner) b, b being the transpose of what is stored: by both sides.
struct Product {
  let rows: Int
  let inner: Int
  let columns: Int
  private let a: [Float]
  private let b: [Float]
  private let packed: UnsafeMutablePointer<Float>
  private var c: [Float]

  init(_ rows: Int, _ inner: Int, _ columns: Int) {
    (self.rows, self.inner, self.columns) = (rows, inner, columns)
    var stream = RandomStream(seed: 1)
    a = (0..<(rows * inner)).map { _ in Float(stream.uniform() - 0.5) }
    b = (0..<(inner * columns)).map { _ in Float(stream.uniform() - 0.5) }
    c = Array(repeating: 0, count: rows * columns)
    let bytes = ck_packed_count_f(inner, columns) * MemoryLayout<Float>.stride
    packed = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64).assumingMemoryBound(to: Float.self)
    pack()
  }

  func pack() { ck_pack_f(inner, columns, b, 1, inner, inner, packed) }

  mutating func ours() {
    c.withUnsafeMutableBufferPointer { c in
      guard let c = c.baseAddress else { return }
      ck_packed_product_f(rows, columns, inner, a, inner, 1, packed, c, columns, c, columns)
    }
  }

  mutating func blas() {
    cblas_sgemm(
      CblasRowMajor, CblasNoTrans, CblasTrans, Int32(rows), Int32(columns), Int32(inner), 1, a, Int32(inner), b,
      Int32(inner), 1, &c, Int32(columns))
  }

  /// The largest difference between the sides' results.
  mutating func difference() -> Float {
    ours()
    let first = c
    c = Array(repeating: 0, count: rows * columns)
    blas()
    return zip(first, c).map { abs($0 - $1) }.max() ?? 0
  }

  func free() { packed.deallocate() }
}

func seconds(_ repeats: Int, _ work: () -> Void) -> Double {
  ContinuousClock().measure { for _ in 0..<repeats { work() } } / .seconds(1) / Double(repeats)
}

/// The processor for which OpenBLAS has chosen its kernels, if it can say so.
func corename() -> String? {
  guard let symbol = dlsym(nil, "openblas_get_corename") else { return nil }
  let function = unsafeBitCast(symbol, to: (@convention(c) () -> UnsafePointer<CChar>).self)
  return String(cString: function())
}

GSL.start()
print("OpenBLAS's kernels: \(corename() ?? "unknown")")
print("rows × inner × columns     ours  OpenBLAS  ours / OpenBLAS  packing / product")
for (inner, columns) in [(64, 64), (64, 192), (128, 128), (128, 384), (256, 768), (512, 2048)] {
  for rows in [1, 5, 32, 256] {
    var product = Product(rows, inner, columns)
    defer { product.free() }
    let work = 2 * Double(rows * inner * columns)
    precondition(product.difference() < 1e-4)
    let repeats = max(1, Int(2e7 / work))
    var ours = Double.infinity
    var blas = Double.infinity
    var packing = Double.infinity
    for _ in 0..<9 {
      ours = min(ours, seconds(repeats) { product.ours() })
      blas = min(blas, seconds(repeats) { product.blas() })
      packing = min(packing, seconds(max(1, 2_000_000 / (inner * columns))) { product.pack() })
    }
    print(
      String(
        format: "%4d × %5d × %7d  %7.1f  %8.1f  %15.2f  %17.2f", rows, inner, columns, work / ours / 1e9,
        work / blas / 1e9, blas / ours, packing / ours))
  }
}
