import Experiments
import Foundation
import Models
import Sequences
import Support
import Synchronization

/// Runs the trials of an experiment that are missing in a file of runs, longest first, side by side on as many threads as there
/// are. Several processes may run one experiment on one file: no trial is done twice. Whatever ends a process, what it had
/// finished is in the file, and the training of a network continues from its checkpoint, to the same bits.
public struct ExperimentRunner<Model: MeasuredModel>: Sendable {
  /// One trial to do.
  public struct Task: Sendable {
    /// The model.
    public let specification: ModelSpecification
    /// Where it stands in the design.
    public let place: Trial.Place
    /// A hash of all that its result depends on, the program's version included.
    public let key: String
    /// A hash of its data's parts.
    let dataHash: String
    /// How long it may take, in no unit.
    let cost: Double

    /// The model and what tells its trials apart, for people.
    public func label(_ design: Design<Model.Rows>) -> String {
      var parts: [String] = []
      if design.folds.count > 1 { parts.append("fold \(place.fold + 1)") }
      if design.seeds.count > 1 { parts.append("seed \(place.seed)") }
      if place.fraction < 1 { parts.append("1/\(Int((1 / place.fraction).rounded())) of the data") }
      return specification.shortWord + (parts.isEmpty ? "" : " (\(parts.joined(separator: ", ")))")
    }
  }

  /// How far the work has come.
  public enum Event: Sendable {
    /// A trial is done: it, and how many are left.
    case finished(Task, Trial, left: Int)
    /// A trial could not be done.
    case failed(Task, any Error)
    /// What a trial that is being done says.
    case progress(Task, FittingProgress)
  }

  private let file: RunFile?
  private let experiment: Experiment
  private let design: Design<Model.Rows>
  private let schema: Model.Rows.Schema
  private let dataName: String
  /// All trials of the experiment, in its order.
  public let tasks: [Task]

  /// - Parameters:
  ///   - experiment: resolved for the elements of the data.
  ///   - file: where results are kept; with `nil` all are missing, and none can be done.
  public init(
    as type: Model.Type = SequenceModel.self, _ experiment: Experiment, _ design: Design<Model.Rows>,
    _ dataset: SequenceData<Model.Rows>, in file: RunFile?
  ) {
    self.file = file
    self.experiment = experiment
    self.design = design
    schema = dataset.schema
    dataName = dataset.name
    let elements = dataset.sequences.rows.kind
    let hashes = design.folds.map { Self.hash($0, dataset.schema) }
    let measured = Self.sortedJSON(design.measurements.of(elements))
    tasks = experiment.models.flatMap { model in
      design.places.map { place in
        Task(
          specification: model, place: place,
          key: Self.digest([
            "trial 1", Version.current, model.word, hashes[place.fold], "\(place.seed)", "\(place.fraction)",
            place.fraction == 1 ? measured : "",
          ]), dataHash: hashes[place.fold],
          cost: Self.cost(model, design.folds[place.fold], elements, place))
      }
    }
  }

  /// Those that have no result yet, longest first.
  /// - Throws: `RunFileError`.
  public func missing() throws -> [Task] {
    let done = try file?.done(tasks.map(\.key)) ?? []
    return tasks.filter { !done.contains($0.key) }.sorted { $0.cost > $1.cost }
  }

  /// The rows of the models whose trials are all done.
  /// - Throws: `RunFileError`.
  public func rows() throws -> [Comparison.Row] {
    let found = try file?.runs(keys: tasks.map(\.key)) ?? [:]
    return try experiment.models.compactMap { model in
      let wanted = tasks.filter { $0.specification.word == model.word }
      let trials = wanted.compactMap { found[$0.key]?.trial }
      if trials.count < wanted.count { return nil }
      guard Comparison.Row.isPossible(trials), trials.map(\.place) == wanted.map(\.place),
        trials.allSatisfy({
          let test = design.folds[$0.place.fold].test
          return $0.testNats.count == test.count && $0.isSound(for: test.rows.kind)
        })
      else { throw RunFileError.foreign(file?.path ?? "") }
      return Comparison.Row(model, trials)
    }
  }

  private static func digest(_ parts: [String]) -> String {
    var hash = SHA256()
    for part in parts { hash.update(Array("\(part.utf8.count):\(part)".utf8)) }
    return hash.hexadecimal()
  }

  private static func hash(_ parts: Parts<Model.Rows>, _ schema: Model.Rows.Schema) -> String {
    if let alphabet = schema as? Alphabet {
      return digest(["\(parts.contentHash)", alphabet.kind.rawValue, "\(alphabet.unknown ?? -1)"] + alphabet.symbols)
    }
    return digest(["\(parts.contentHash)", "vectors", sortedJSON(schema as? Columns)])
  }

  private static func sortedJSON(_ value: some Encodable) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }

  /// Training a network takes time with its parameters; all else is quick.
  private static func cost(
    _ model: ModelSpecification, _ parts: Parts<Model.Rows>, _ elements: ElementKind, _ place: Trial.Place
  ) -> Double {
    let events = Double(parts.train.elementCount + parts.train.count) * place.fraction
    guard model.family is any RecurrentFamily else { return events }
    let parameters = (try? model.freeParameters(elements, longest: 1)).map { Double($0) } ?? 1
    return events * (10 + parameters)
  }
}

extension ExperimentRunner {
  /// Does what is missing.
  /// - Parameters:
  ///   - checkpointInterval: seconds between two checkpoints of a training.
  ///   - isInterrupted: asked often; once it says true, trainings keep a checkpoint and this returns.
  ///   - report: called from several threads, one at a time.
  /// - Throws: `RunFileError`; a trial that goes wrong is reported and takes no other with it.
  public func run(
    threads: Int, checkpointInterval: Double = 20, isInterrupted: @escaping @Sendable () -> Bool,
    report: @escaping @Sendable (Event) -> Void
  ) throws {
    guard let file else { preconditionFailure("an experiment without a file of runs") }
    try file.remember(experiment, tasks.map(\.key))
    let folder = file.path + ".work"
    defer { if (try? missing().isEmpty) ?? false { cleanUp(folder) } }
    let waiting = try missing()
    if waiting.isEmpty { return }
    let workers = min(max(threads, 1), waiting.count)
    let queue = Queue(waiting)
    let reporting = Mutex(())
    let tell: @Sendable (Event) -> Void = { event in reporting.withLock { _ in report(event) } }
    let stops: @Sendable () -> Bool = { isInterrupted() || queue.hasFailed }
    forEachInParallel(workers, threads: workers) { _ in
      while !stops(), let task = queue.next() {
        do {
          guard let lock = try Self.lock(task, in: folder) else {
            // Another process is at it.
            queue.postpone(task)
            continue
          }
          defer { withExtendedLifetime(lock) {} }
          if try file.done([task.key]).isEmpty {
            let trial = try self.trial(
              task, threads: max(threads / workers, 1), in: folder, checkpointInterval, stops,
              { tell(.progress(task, $0)) })
            guard let trial else { break }
            try file.add(
              StoredRun(
                key: task.key, model: task.specification.word, data: dataName, dataHash: task.dataHash, trial: trial))
            unlink("\(folder)/\(task.key).checkpoint")
            queue.finish()
            tell(.finished(task, trial, left: queue.left))
          } else {
            queue.finish()
          }
          lock.remove()
        } catch let error as RunFileError {
          queue.fail(error)
        } catch {
          queue.finish()
          unlink("\(folder)/\(task.key).lock")
          tell(.failed(task, error))
        }
      }
    }
    if let error = queue.error { throw error }
  }

  /// Takes away what a process that was killed has left of trials that are done, and the folder, unless another process is at
  /// work in it.
  private func cleanUp(_ folder: String) {
    guard FileManager.default.fileExists(atPath: folder) else { return }
    for task in tasks {
      guard let lock = try? FileLock("\(folder)/\(task.key).lock", waits: false) else { continue }
      unlink("\(folder)/\(task.key).checkpoint")
      lock.remove()
    }
    OutputFile.removeLeftovers(in: folder)
    rmdir(folder)
  }

  /// The lock of a trial, in a folder that another process may take away when it has done its last one; `nil` where another
  /// process has the lock.
  private static func lock(_ task: Task, in folder: String) throws -> FileLock? {
    var attempts = 0
    while true {
      do { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) } catch {
        throw RunFileError.cannotOpen(folder, reason: "the folder for checkpoints cannot be made")
      }
      do { return try FileLock("\(folder)/\(task.key).lock", waits: false) } catch {
        attempts += 1
        if attempts == 10 { throw error }
      }
    }
  }

  /// One trial, from its checkpoint where there is one; `nil` where it was interrupted.
  private func trial(
    _ task: Task, threads: Int, in folder: String, _ interval: Double, _ isInterrupted: @escaping @Sendable () -> Bool,
    _ progress: @escaping @Sendable (FittingProgress) -> Void
  ) throws -> Trial? {
    var context = FittingContext(
      seed: task.place.seed, threads: threads, progress: progress, isInterrupted: isInterrupted)
    if task.specification.family.keepsCheckpoints {
      let path = "\(folder)/\(task.key).checkpoint"
      // One that cannot be read is of no use; the training begins anew.
      let earlier = try? ModelFile.checkpoint(from: Data(contentsOf: URL(filePath: path)), registry: .standard)
      context.checkpoints = Checkpoints(interval: interval, resuming: earlier) { checkpoint in
        try OutputFile.write(try ModelFile.bytes(of: checkpoint), to: path)
      }
    }
    do {
      let trial = try Trial(
        as: Model.self, of: task.specification, design.folds[task.place.fold], schema, at: task.place, context,
        measuring: design.measurements)
      return isInterrupted() ? nil : trial
    } catch FittingError.interrupted {
      return nil
    }
  }

  /// The trials that wait; those that another process has are asked for again after a while.
  private final class Queue: Sendable {
    private struct State {
      var waiting: [Task]
      var postponed: [Task] = []
      var left: Int
      var error: RunFileError?
    }

    private let state: Mutex<State>

    init(_ tasks: [Task]) { state = Mutex(State(waiting: tasks.reversed(), left: tasks.count)) }

    func next() -> Task? {
      if let task = state.withLock({ $0.waiting.popLast() }) { return task }
      if state.withLock({ $0.postponed.isEmpty }) { return nil }
      Thread.sleep(forTimeInterval: 0.1)
      return state.withLock { $0.postponed.isEmpty ? nil : $0.postponed.removeFirst() }
    }

    func postpone(_ task: Task) { state.withLock { $0.postponed.append(task) } }
    func finish() { state.withLock { $0.left -= 1 } }
    func fail(_ error: RunFileError) { state.withLock { $0.error = $0.error ?? error } }
    var left: Int { state.withLock { $0.left } }
    var error: RunFileError? { state.withLock { $0.error } }
    var hasFailed: Bool { error != nil }
  }
}
