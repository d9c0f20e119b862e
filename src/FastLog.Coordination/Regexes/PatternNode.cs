namespace FastLog.Coordination.Regexes;

/// <summary>A piece of a parsed pattern. What it would compile to is known before it is compiled.</summary>
internal abstract class PatternNode
{
    /// <summary>Instructions it compiles to.</summary>
    public abstract long Size { get; }

    /// <summary>How often the counted repetitions in it multiply what they repeat, at most.</summary>
    public abstract long Repetitions { get; }

    /// <summary>One character of a set.</summary>
    public sealed class Characters(AsciiSet set) : PatternNode
    {
        public AsciiSet Set { get; } = set;

        public override long Size => 1;

        public override long Repetitions => 1;
    }

    /// <summary>A condition on a place between characters.</summary>
    public sealed class Condition(PlaceCondition kind) : PatternNode
    {
        public PlaceCondition Kind { get; } = kind;

        public override long Size => 1;

        public override long Repetitions => 1;
    }

    /// <summary>One after the other; without parts, the empty string.</summary>
    public sealed class Sequence(IReadOnlyList<PatternNode> parts) : PatternNode
    {
        public IReadOnlyList<PatternNode> Parts { get; } = parts;

        public override long Size { get; } = parts.Sum(part => part.Size);

        public override long Repetitions { get; } = parts.Select(part => part.Repetitions).DefaultIfEmpty(1).Max();
    }

    /// <summary>One of two or more.</summary>
    public sealed class Choice(IReadOnlyList<PatternNode> options) : PatternNode
    {
        public IReadOnlyList<PatternNode> Options { get; } = options;

        /// <summary>Every option but the last has a branch before it and a jump behind it.</summary>
        public override long Size { get; } = options.Sum(option => option.Size) + (2 * (options.Count - 1));

        public override long Repetitions { get; } = options.Max(option => option.Repetitions);
    }

    /// <summary>From so many times to so many times; without a maximum when that is null.</summary>
    public sealed class Repeat(PatternNode part, int min, int? max) : PatternNode
    {
        public PatternNode Part { get; } = part;

        public int Min { get; } = min;

        public int? Max { get; } = max;

        /// <summary>Optional times have a branch each; without a maximum, a branch and, with no minimum, a jump back.</summary>
        public override long Size { get; } = part.Size == 0 ? 0
            : max is { } bound ? (min * part.Size) + ((bound - min) * (part.Size + 1))
            : min == 0 ? part.Size + 2 : (min * part.Size) + 1;

        public override long Repetitions { get; } = max == 0 ? 1 : Math.Max(1, max ?? min) * part.Repetitions;
    }
}
