using System.Collections;
using System.Runtime.CompilerServices;

namespace FastLog.Protocol;

/// <summary>
/// The list messages are made of. <see cref="Clear"/> keeps the elements that were in it, and
/// <see cref="MessageListExtensions.Add{T}"/> hands them out again, so that a message that is decoded or built over and
/// over settles at allocating nothing. Not safe for use by several threads at once.
/// </summary>
/// <typeparam name="T">A primitive, a string, or a struct of a message.</typeparam>
public sealed class MessageList<T> : IReadOnlyList<T>
{
    /// <summary>Elements kept by <see cref="Clear"/>; one huge message shall not occupy memory for ever.</summary>
    public const int RetainedElementsMax = 4096;

    private T[] _items = [];

    /// <summary>Elements in the list.</summary>
    public int Count { get; private set; }

    /// <summary>The element at an index. Throws <see cref="ArgumentOutOfRangeException"/> outside of the list.</summary>
    public T this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            return _items[index];
        }

        set
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            _items[index] = value;
        }
    }

    /// <summary>The elements as a span, valid until the list changes.</summary>
    public ReadOnlySpan<T> AsSpan() => _items.AsSpan(0, Count);

    /// <summary>Appends an element.</summary>
    public void Add(T item)
    {
        if (Count == _items.Length)
        {
            Grow();
        }

        _items[Count++] = item;
    }

    /// <summary>Appends elements.</summary>
    public void AddRange(ReadOnlySpan<T> items)
    {
        foreach (T item in items)
        {
            Add(item);
        }
    }

    /// <summary>Appends elements.</summary>
    public void AddRange(IEnumerable<T> items)
    {
        foreach (T item in items)
        {
            Add(item);
        }
    }

    /// <summary>Removes the last element, which a later <c>Add()</c> hands out again.</summary>
    public void RemoveLast()
    {
        ArgumentOutOfRangeException.ThrowIfZero(Count);
        Count--;
    }

    /// <summary>Empties the list; the elements stay behind for reuse.</summary>
    public void Clear()
    {
        Count = 0;
        if (_items.Length > RetainedElementsMax)
        {
            _items = [];
        }
    }

    /// <summary>Enumerates without allocating.</summary>
    public Enumerator GetEnumerator() => new(this);

    IEnumerator<T> IEnumerable<T>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Empties the spare list of a nullable field, or makes it, for use as the field's value.</summary>
    internal static MessageList<T> Recycle(ref MessageList<T>? spare)
    {
        spare ??= [];
        spare.Clear();
        return spare;
    }

    /// <summary>Takes the element that was left at the end by an earlier use, when there is one.</summary>
    internal bool TryRecycle(out T item)
    {
        if (Count < _items.Length && _items[Count] is { } left)
        {
            Count++;
            item = left;
            return true;
        }

        Unsafe.SkipInit(out item);
        return false;
    }

    private void Grow() => Array.Resize(ref _items, Math.Max(4, checked(_items.Length * 2)));

    /// <summary>Enumerates a list.</summary>
    public struct Enumerator : IEnumerator<T>
    {
        private readonly MessageList<T> _list;
        private int _next;

        internal Enumerator(MessageList<T> list) => _list = list;

        /// <inheritdoc/>
        public readonly T Current => _list._items[_next - 1];

        readonly object? IEnumerator.Current => Current;

        /// <inheritdoc/>
        public bool MoveNext()
        {
            if (_next >= _list.Count)
            {
                return false;
            }

            _next++;
            return true;
        }

        /// <inheritdoc/>
        public void Reset() => _next = 0;

        /// <inheritdoc/>
        public readonly void Dispose()
        {
        }
    }
}

/// <summary>What lists of structs can do beyond lists of values.</summary>
public static class MessageListExtensions
{
    /// <summary>Appends an element with all fields at their defaults and returns it, reusing one that was cleared.</summary>
    public static T Add<T>(this MessageList<T> list)
        where T : class, IMessageStruct, new()
    {
        if (list.TryRecycle(out T recycled))
        {
            recycled.Reset();
            return recycled;
        }

        var item = new T();
        list.Add(item);
        return item;
    }

    /// <summary>Like <see cref="Add{T}"/> for a caller that sets every field anyhow.</summary>
    internal static T AddRecycled<T>(this MessageList<T> list)
        where T : class, IMessageStruct, new()
    {
        if (list.TryRecycle(out T recycled))
        {
            return recycled;
        }

        var item = new T();
        list.Add(item);
        return item;
    }
}
