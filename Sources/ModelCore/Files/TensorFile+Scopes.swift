/// Scopes: the tensors of a model's components under a prefix each, so that two components of one family do not share names.
///
///     file.scoped("0.") { first.write(to: &$0) }     // contexts.labels is 0.contexts.labels
///     file.scoped("1.") { second.write(to: &$0) }
///     try family.process(from: file.scoped("0."), shape)
///
/// They nest: "1.0.contexts.labels". A file with scopes has format 2.
extension TensorFile {
  /// Adds what `write` writes to a file of its own. O(tensors).
  /// - Precondition: No tensor has such a name yet, and `write` adds no metadata.
  public mutating func scoped(_ scope: String, _ write: (inout TensorFile) throws -> Void) rethrows {
    var component = TensorFile()
    try write(&component)
    precondition(component.metadata.isEmpty, "a component's file has no metadata")
    for (name, tensor) in component.tensors { add(tensor, named: scope + name) }
    hasScopes = true
  }

  /// The tensors of one scope under the names that its component knows; none where there is no such scope. O(tensors).
  public func scoped(_ scope: String) -> TensorFile {
    var component = TensorFile()
    component.scope = self.scope + scope
    component.isInPlace = isInPlace
    for (name, tensor) in tensors where name.hasPrefix(scope) {
      let own = String(name.dropFirst(scope.count))
      component.tensors[own] = tensor
      component.checksums[own] = checksums[name]
    }
    return component
  }
}

extension ModelFamily {
  /// The tensors of families that are components, each in the scope of its number: "0.", "1.", ….
  public func tensorSizes(of components: [any ModelFamily], _ shape: OutputShape) -> [String: Int?] {
    var sizes: [String: Int?] = [:]
    for (number, component) in components.enumerated() {
      for (name, size) in component.tensorSizes(shape) { sizes["\(number).\(name)"] = .some(size) }
    }
    return sizes
  }
}
