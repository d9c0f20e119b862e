namespace FastLog.Broker.Delayed;

/// <summary>
/// Keeps finished operations for reuse, at most <paramref name="countMax"/> of them. A ConcurrentStack would allocate
/// a node per return; a bounded ring of slots does not.
/// </summary>
internal sealed class OperationPool<T>(Func<OperationPool<T>, T> create, int countMax = 1024)
    where T : class
{
    private readonly T?[] _kept = new T?[countMax];
    private readonly Lock _lock = new();
    private int _count;
    private int _rentedCount;

    /// <summary>Operations kept at present; for tests, which look for ones that never came back.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _count;
            }
        }
    }

    /// <summary>Operations that are rented at present: requests being worked on or waiting.</summary>
    public int RentedCount => Volatile.Read(ref _rentedCount);

    /// <summary>A kept operation, or a new one.</summary>
    public T Rent()
    {
        lock (_lock)
        {
            _rentedCount++;
            if (_count > 0)
            {
                var operation = _kept[--_count]!;
                _kept[_count] = null;
                return operation;
            }
        }

        return create(this);
    }

    /// <summary>Keeps the operation, or lets it go when enough are kept.</summary>
    public void Return(T operation)
    {
        lock (_lock)
        {
            _rentedCount--;
            if (_count < _kept.Length)
            {
                _kept[_count++] = operation;
            }
        }
    }
}
