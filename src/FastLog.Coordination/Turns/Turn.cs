using FastLog.Protocol;

namespace FastLog.Coordination;

/// <summary>
/// One turn of a shard: a request, a deadline or a change of the metadata goes in; records to write and answers to give
/// come out. Whoever decides reads the state, the clock and the topics here and does nothing but fill this in, so the
/// same decisions run under a simulated clock and log.
/// <para>
/// What happens then, in this order: the records are appended as one atomic batch; they are replayed into the state
/// (but those that the state has already); the <see cref="OnAppended"/> actions run; and once all that was ever
/// appended up to here is durable, the answers are given. So no answer tells of anything that a crash could take back.
/// When the log refuses the batch nothing is replayed, the answers given before become the error, and the
/// <see cref="OnRefused"/> action runs in a turn of its own.
/// </para>
/// </summary>
public sealed class Turn
{
    // Most turns write one record at most, give one answer, and have nothing to follow.
    private readonly List<CoordinatorRecord> _records = new(1);
    private readonly List<Answer> _answers = new(1);
    private List<Action<Turn>>? _onAppended;
    private Action<Turn, ErrorCode>? _onRefused;

    /// <summary>Begins a turn.</summary>
    /// <param name="nowMs">The time, in milliseconds since 1970.</param>
    /// <param name="topics">The topics as they are now.</param>
    public Turn(long nowMs, IGroupTopics topics)
    {
        NowMs = nowMs;
        Topics = topics;
    }

    /// <summary>The time, in milliseconds since 1970. Never goes back from one turn of a shard to the next.</summary>
    public long NowMs { get; }

    /// <summary>The topics as they are now.</summary>
    public IGroupTopics Topics { get; }

    /// <summary>What is to be written, in order.</summary>
    public IReadOnlyList<CoordinatorRecord> Records => _records;

    /// <summary>Writes a record; the state changes when it is replayed.</summary>
    /// <param name="record">The record.</param>
    public void Write(CoordinatorRecord record) => _records.Add(record);

    /// <summary>
    /// Writes a record that says what the state says already: it is not replayed. A classic group's record is of this
    /// kind, as most of a classic group's state is never written.
    /// </summary>
    /// <param name="record">The record.</param>
    public void WriteApplied(CoordinatorRecord record) => _records.Add(record with { IsApplied = true });

    /// <summary>Answers a request, the one of this turn or one that waited.</summary>
    /// <param name="reply">Takes the answer; called once.</param>
    /// <param name="response">The answer.</param>
    /// <typeparam name="TResponse">The type of the answer.</typeparam>
    public void Answer<TResponse>(Action<TResponse> reply, TResponse response)
        where TResponse : class => _answers.Add(new Answer<TResponse>(reply, response));

    /// <summary>Does more once the records are appended and replayed; may answer, but write nothing.</summary>
    /// <param name="action">What to do, with this turn.</param>
    public void OnAppended(Action<Turn> action) => (_onAppended ??= []).Add(action);

    /// <summary>
    /// What to do when the log refuses the records: undo what was changed by hand and answer those who wait. What this
    /// turn answered is answered with the error anyhow, unless <see cref="KeepAnswersWhenRefused"/> was called.
    /// </summary>
    /// <param name="action">What to do, with a new turn and the error (already one that clients of groups know).</param>
    public void OnRefused(Action<Turn, ErrorCode> action)
    {
        Invariant.Check(_onRefused is null, "one way out of a refused turn");
        _onRefused = action;
    }

    /// <summary>What this turn answers is true even if the log refuses its records, and is answered then too.</summary>
    public void KeepAnswersWhenRefused() => AreAnswersKept = true;

    /// <summary>The deadline that this turn is of, if it is.</summary>
    internal Deadline? Due { get; set; }

    /// <summary>The records are in the log and replayed: what was to follow is done.</summary>
    internal void CompleteAppend()
    {
        var written = _records.Count;
        for (var i = 0; i < _onAppended?.Count; i++)
        {
            _onAppended[i](this);
        }

        Invariant.Check(_records.Count == written, "what follows an append writes nothing");
    }

    /// <summary>The log refused the records: what to do about it, or null.</summary>
    internal Action<Turn, ErrorCode>? Refusal => _onRefused;

    /// <summary>Whether the answers are given even when the log refuses the records.</summary>
    internal bool AreAnswersKept { get; private set; }

    /// <summary>The answers, to be given once everything they tell of is durable.</summary>
    internal IReadOnlyList<Answer> Answers => _answers;
}
