using System.Diagnostics.CodeAnalysis;

namespace FastLog.Network;

/// <summary>Requests in order, linked by their Next. A struct that must not be copied.</summary>
internal struct RequestList
{
    private PendingRequest? _last;

    public PendingRequest? First { get; private set; }

    public int Count { get; private set; }

    public void Append(PendingRequest request)
    {
        if (_last is null)
        {
            First = request;
        }
        else
        {
            _last.Next = request;
        }

        _last = request;
        Count++;
    }

    public bool TryTakeFirst([NotNullWhen(true)] out PendingRequest? request)
    {
        request = First;
        if (request is null)
        {
            return false;
        }

        First = request.Next;
        request.Next = null;
        _last = First is null ? null : _last;
        Count--;
        return true;
    }

    /// <summary>Empties the list into a chain that ends with <paramref name="followedBy"/>.</summary>
    public PendingRequest? TakeAll(PendingRequest? followedBy = null)
    {
        PendingRequest? first = First ?? followedBy;
        if (_last is not null)
        {
            _last.Next = followedBy;
        }

        First = null;
        _last = null;
        Count = 0;
        return first;
    }
}
