namespace FastLog.Client;

/// <summary>
/// How far a group's member is through one partition, for its commits. Records are lent to the application in order, may
/// be given back in any, and count as processed when all before them were given back; a commit may say so when the
/// application has come back after that. Guarded by the consumer's lock.
/// </summary>
internal sealed class PartitionProgress
{
    internal const long Unknown = -1;

    private readonly List<Loan> _loans = [];
    private int _nextNumber;
    private OffsetAndMetadata _processed = new(Unknown);

    /// <summary>The offset that an automatic commit may commit; below 0 when none.</summary>
    public OffsetAndMetadata Confirmed { get; private set; } = new(Unknown);

    /// <summary>What was committed last, or below 0 when that is not known.</summary>
    public long Committed { get; set; } = Unknown;

    /// <summary>Records up to an offset were lent; the number to give them back under.</summary>
    public int Lend(long nextOffset, int leaderEpoch)
    {
        _loans.Add(new Loan(_nextNumber, nextOffset, leaderEpoch, false));
        return _nextNumber++;
    }

    /// <summary>Records were given back; true when there is something to be confirmed.</summary>
    public bool GiveBack(int number)
    {
        int index = IndexOf(number);
        if (index < 0)
        {
            return false;
        }

        _loans[index] = _loans[index] with { IsBack = true };
        int back = 0;
        while (back < _loans.Count && _loans[back].IsBack)
        {
            Loan loan = _loans[back++];
            if (loan.NextOffset > _processed.Offset)
            {
                _processed = new OffsetAndMetadata(loan.NextOffset, loan.LeaderEpoch);
            }
        }

        _loans.RemoveRange(0, back);
        return back > 0;
    }

    /// <summary>The application has come back after processing what it gave back.</summary>
    public void Confirm() => Confirmed = _processed;

    /// <summary>The application says that all up to its position is processed.</summary>
    public void ConfirmUpTo(long position, int leaderEpoch) => Confirmed = _processed = new OffsetAndMetadata(position, leaderEpoch);

    /// <summary>Reading goes on elsewhere, by the application's wish: what was lent before no longer counts.</summary>
    public void MoveTo(long position, int leaderEpoch)
    {
        _loans.Clear();
        ConfirmUpTo(position, leaderEpoch);
    }

    /// <summary>Only the records before an offset were taken of what was lent under a number; the rest is read again.
    /// </summary>
    public bool CutBack(int number, long position)
    {
        int index = IndexOf(number);
        if (index < 0)
        {
            return false;
        }

        _loans.RemoveRange(index + 1, _loans.Count - index - 1);
        Loan loan = _loans[index] with { NextOffset = position };
        _loans[index] = loan;
        if (position < _processed.Offset)
        {
            _processed = new OffsetAndMetadata(position, loan.LeaderEpoch);
        }

        return GiveBack(number);
    }

    private int IndexOf(int number)
    {
        for (int i = 0; i < _loans.Count; i++)
        {
            if (_loans[i].Number == number)
            {
                return i;
            }
        }

        return -1;
    }

    private readonly record struct Loan(int Number, long NextOffset, int LeaderEpoch, bool IsBack);
}
