using System.Buffers;

namespace FastLog.Coordination.Regexes;

/// <summary>
/// A compiled pattern: instructions for a machine that is at many of them at once (a nondeterministic automaton). It
/// reads a name once and is at each instruction at most once per character, so a pattern has no way to make it slow.
/// </summary>
internal sealed class PatternProgram
{
    private readonly Instruction[] _instructions;

    private PatternProgram(Instruction[] instructions) => _instructions = instructions;

    private enum Operation : byte
    {
        /// <summary>Reads one character of a set.</summary>
        Read,

        /// <summary>Goes on if a condition holds here.</summary>
        Demand,

        /// <summary>Goes on both with the next instruction and with the target.</summary>
        Branch,

        /// <summary>Goes on with the target.</summary>
        Jump,

        /// <summary>All has been matched.</summary>
        Accept,
    }

    public static PatternProgram Compile(PatternNode root)
    {
        var instructions = new List<Instruction>((int)root.Size + 1);
        Emit(root, instructions);
        instructions.Add(new Instruction(Operation.Accept));
        return new PatternProgram([.. instructions]);
    }

    /// <summary>Whether the name matches; null when that takes more steps than are left. A step looks at one instruction.</summary>
    public bool? Matches(ReadOnlySpan<char> name, ref long stepsLeft)
    {
        var size = _instructions.Length;
        var rented = ArrayPool<int>.Shared.Rent(4 * size);
        try
        {
            var room = rented.AsSpan(0, 4 * size);
            room[..size].Clear();
            var run = new Run(_instructions, name, room, stepsLeft);
            var matches = run.Matches();
            stepsLeft = run.StepsLeft;
            return matches;
        }
        finally
        {
            ArrayPool<int>.Shared.Return(rented);
        }
    }

    private static void Emit(PatternNode node, List<Instruction> instructions)
    {
        switch (node)
        {
            case PatternNode.Characters characters:
                instructions.Add(new Instruction(Operation.Read, Set: characters.Set));
                break;
            case PatternNode.Condition condition:
                instructions.Add(new Instruction(Operation.Demand, Condition: condition.Kind));
                break;
            case PatternNode.Sequence sequence:
                foreach (var part in sequence.Parts)
                {
                    Emit(part, instructions);
                }

                break;
            case PatternNode.Choice choice:
                EmitChoice(choice.Options, instructions);
                break;
            case PatternNode.Repeat { Part.Size: > 0 } repeat:
                EmitRepeat(repeat, instructions);
                break;
            default:
                // What is empty stays empty however often it is repeated.
                break;
        }
    }

    private static void EmitChoice(IReadOnlyList<PatternNode> options, List<Instruction> instructions)
    {
        var jumps = new List<int>();
        for (var i = 0; i < options.Count - 1; i++)
        {
            var branch = Reserve(instructions);
            Emit(options[i], instructions);
            jumps.Add(Reserve(instructions));
            instructions[branch] = new Instruction(Operation.Branch, instructions.Count);
        }

        Emit(options[^1], instructions);
        foreach (var jump in jumps)
        {
            instructions[jump] = new Instruction(Operation.Jump, instructions.Count);
        }
    }

    private static void EmitRepeat(PatternNode.Repeat repeat, List<Instruction> instructions)
    {
        var start = instructions.Count;
        for (var i = 0; i < repeat.Min; i++)
        {
            start = instructions.Count;
            Emit(repeat.Part, instructions);
        }

        if (repeat.Max is { } max)
        {
            var branches = new List<int>();
            for (var i = repeat.Min; i < max; i++)
            {
                branches.Add(Reserve(instructions));
                Emit(repeat.Part, instructions);
            }

            branches.ForEach(branch => instructions[branch] = new Instruction(Operation.Branch, instructions.Count));
        }
        else if (repeat.Min > 0)
        {
            instructions.Add(new Instruction(Operation.Branch, start));
        }
        else
        {
            Reserve(instructions);
            Emit(repeat.Part, instructions);
            instructions.Add(new Instruction(Operation.Jump, start));
            instructions[start] = new Instruction(Operation.Branch, instructions.Count);
        }
    }

    private static int Reserve(List<Instruction> instructions)
    {
        instructions.Add(default);
        return instructions.Count - 1;
    }

    private readonly record struct Instruction(
        Operation Operation, int Target = 0, AsciiSet Set = default, PlaceCondition Condition = default);

    /// <summary>One reading of one name.</summary>
    private ref struct Run
    {
        private readonly Instruction[] _instructions;
        private readonly ReadOnlySpan<char> _name;

        /// <summary>For each instruction the place it was last reached at, counted from 1.</summary>
        private readonly Span<int> _reachedAt;
        private readonly Span<int> _open;
        private Span<int> _reading;
        private Span<int> _readingNext;
        private long _stepsLeft;

        public Run(Instruction[] instructions, ReadOnlySpan<char> name, Span<int> room, long stepsLeft)
        {
            _stepsLeft = stepsLeft;
            var size = instructions.Length;
            _instructions = instructions;
            _name = name;
            _reachedAt = room[..size];
            _open = room.Slice(size, size);
            _reading = room.Slice(2 * size, size);
            _readingNext = room.Slice(3 * size, size);
        }

        /// <summary>0 when they did not suffice.</summary>
        public readonly long StepsLeft => Math.Max(_stepsLeft, 0);

        public bool? Matches()
        {
            var count = 0;
            var accepted = Reach(0, 0, _reading, ref count);
            for (var place = 0; place < _name.Length; place++)
            {
                // Between two looks at this, steps are bounded by the size of the program.
                _stepsLeft -= count;
                if (_stepsLeft < 0)
                {
                    return null;
                }

                var nextCount = 0;
                accepted = false;
                foreach (var at in _reading[..count])
                {
                    if (_instructions[at].Set.Contains(_name[place]))
                    {
                        accepted |= Reach(at + 1, place + 1, _readingNext, ref nextCount);
                    }
                }

                var read = _reading;
                _reading = _readingNext;
                _readingNext = read;
                count = nextCount;
                if (count == 0 && !accepted)
                {
                    break;
                }
            }

            return _stepsLeft < 0 ? null : accepted;
        }

        /// <summary>Follows what needs no character, and collects what reads the next one; true when the end is reached.</summary>
        private bool Reach(int first, int place, Span<int> reading, ref int count)
        {
            var accepted = false;
            var openCount = 0;
            Open(first, place, ref openCount);
            while (openCount > 0)
            {
                var at = _open[--openCount];
                _stepsLeft--;
                ref readonly var instruction = ref _instructions[at];
                switch (instruction.Operation)
                {
                    case Operation.Read:
                        reading[count++] = at;
                        break;
                    case Operation.Demand:
                        if (Holds(instruction.Condition, place))
                        {
                            Open(at + 1, place, ref openCount);
                        }

                        break;
                    case Operation.Branch:
                        Open(instruction.Target, place, ref openCount);
                        Open(at + 1, place, ref openCount);
                        break;
                    case Operation.Jump:
                        Open(instruction.Target, place, ref openCount);
                        break;
                    default:
                        accepted = true;
                        break;
                }
            }

            return accepted;
        }

        private readonly void Open(int at, int place, ref int openCount)
        {
            if (_reachedAt[at] != place + 1)
            {
                _reachedAt[at] = place + 1;
                _open[openCount++] = at;
            }
        }

        private readonly bool Holds(PlaceCondition condition, int place) => condition switch
        {
            PlaceCondition.BeginOfText => place == 0,
            PlaceCondition.EndOfText => place == _name.Length,
            PlaceCondition.BeginOfLine => place == 0 || _name[place - 1] == '\n',
            PlaceCondition.EndOfLine => place == _name.Length || _name[place] == '\n',
            PlaceCondition.WordBoundary => IsWord(place - 1) != IsWord(place),
            _ => IsWord(place - 1) == IsWord(place),
        };

        private readonly bool IsWord(int index) =>
            (uint)index < (uint)_name.Length && AsciiSet.WordCharacters.Contains(_name[index]);
    }
}
