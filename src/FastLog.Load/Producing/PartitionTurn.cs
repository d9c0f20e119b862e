using FastLog.Client;
using FastLog.Load.Loads;

namespace FastLog.Load.Producing;

/// <summary>Says which partition the next record of a producer goes to.</summary>
internal struct PartitionTurn
{
    private readonly Spread _spread;
    private readonly int _partitionsCount;
    private int _next;

    public PartitionTurn(Spread spread, int partitionsCount, int producerIndex)
    {
        _spread = spread;
        _partitionsCount = partitionsCount;
        _next = producerIndex % partitionsCount;
    }

    public readonly int Next => _spread is Spread.RoundRobin or Spread.Own ? _next : TopicProducer.AnyPartition;

    /// <summary>A record went there.</summary>
    public void Take()
    {
        if (_spread == Spread.RoundRobin)
        {
            _next = _next + 1 == _partitionsCount ? 0 : _next + 1;
        }
    }
}
