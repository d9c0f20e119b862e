using System.Diagnostics.CodeAnalysis;

namespace FastLog.Network;

/// <summary>Free objects of one kind, at most <c>capacity</c> of them; what does not fit is left to the collector.
/// </summary>
internal sealed class ObjectStack<T>(int capacity)
    where T : class
{
    private readonly Lock _gate = new();
    private T?[] _items = new T?[Math.Min(16, capacity)];
    private int _count;

    public void Push(T item)
    {
        lock (_gate)
        {
            if (_count == _items.Length && _count < capacity)
            {
                Array.Resize(ref _items, Math.Min(capacity, _count * 2));
            }

            if (_count < _items.Length)
            {
                _items[_count++] = item;
            }
        }
    }

    public bool TryPop([NotNullWhen(true)] out T? item)
    {
        lock (_gate)
        {
            if (_count == 0)
            {
                item = null;
                return false;
            }

            item = _items[--_count]!;
            _items[_count] = null;
            return true;
        }
    }
}
