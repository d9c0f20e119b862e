namespace FastLog.Coordination.Assignors;

/// <summary>
/// Evens shares out until nothing can be evened out any more. A partition goes from a member to another subscriber of its
/// topic; where the one with the most shares no topic with one of the fewest, it goes through others, each of which passes
/// one of its own on. Every such chain takes one partition from a member that has the most of all and gives one to a
/// member with at least two fewer. When no chain leads from those with the most to such a member, then whoever they
/// can reach is as even as subscriptions allow, and the rest is evened out without them.
/// </summary>
internal sealed class ShareBalancing
{
    private const int Source = -1;

    private readonly SubscriptionTable _subscriptions;
    private readonly PartitionShares _shares;

    /// <summary>Members whose number is final.</summary>
    private readonly bool[] _settled;

    // Of the search for a chain: who was reached, from whom, by a partition of which class.
    private readonly List<int> _reached = [];
    private readonly bool[] _isReached;
    private readonly bool[] _isExpanded;
    private readonly int[] _giver;
    private readonly int[] _classGiven;

    public ShareBalancing(SubscriptionTable subscriptions, PartitionShares shares)
    {
        _subscriptions = subscriptions;
        _shares = shares;
        _settled = new bool[subscriptions.MemberIds.Length];
        _isReached = new bool[_settled.Length];
        _giver = new int[_settled.Length];
        _classGiven = new int[_settled.Length];
        _isExpanded = new bool[subscriptions.SubscribersOfClass.Length];
    }

    public void Run()
    {
        while (StartAtMost(out var most))
        {
            var receiver = FindReceiver(most - 2);
            if (receiver < 0)
            {
                _reached.ForEach(member => _settled[member] = true);
                continue;
            }

            for (var member = receiver; _giver[member] != Source; member = _giver[member])
            {
                _shares.Move(_classGiven[member], _giver[member], member);
            }
        }
    }

    /// <summary>Begins a search at all members that have the most; false when all are settled.</summary>
    private bool StartAtMost(out int most)
    {
        _reached.Clear();
        Array.Clear(_isReached);
        Array.Clear(_isExpanded);
        most = -1;
        for (var member = 0; member < _settled.Length; member++)
        {
            most = _settled[member] ? most : Math.Max(most, _shares.Loads[member]);
        }

        for (var member = 0; member < _settled.Length; member++)
        {
            if (!_settled[member] && _shares.Loads[member] == most)
            {
                Reach(member, Source, -1);
            }
        }

        return _reached.Count > 0;
    }

    /// <summary>The member with the fewest, and no more than loadMax, at the end of a shortest chain; -1 when there is none.</summary>
    private int FindReceiver(int loadMax)
    {
        for (var start = 0; start < _reached.Count;)
        {
            var end = _reached.Count;
            for (; start < end; start++)
            {
                Expand(_reached[start]);
            }

            var receiver = -1;
            for (var i = end; i < _reached.Count; i++)
            {
                var load = _shares.Loads[_reached[i]];
                if (load <= loadMax)
                {
                    receiver = _reached[i];
                    loadMax = load - 1;
                }
            }

            if (receiver >= 0)
            {
                return receiver;
            }
        }

        return -1;
    }

    private void Expand(int giver)
    {
        foreach (var topicClass in _shares.ClassesOf(giver))
        {
            if (_isExpanded[topicClass])
            {
                continue;
            }

            _isExpanded[topicClass] = true;
            foreach (var member in _subscriptions.SubscribersOfClass[topicClass])
            {
                if (!_isReached[member] && !_settled[member])
                {
                    Reach(member, giver, topicClass);
                }
            }
        }
    }

    private void Reach(int member, int giver, int topicClass)
    {
        _isReached[member] = true;
        _giver[member] = giver;
        _classGiven[member] = topicClass;
        _reached.Add(member);
    }
}
