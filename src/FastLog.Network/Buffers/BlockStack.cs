using System.Diagnostics.CodeAnalysis;

namespace FastLog.Network;

/// <summary>Free blocks of one size; the last one released is rented first, while it is still in the caches.</summary>
internal sealed class BlockStack
{
    private readonly Lock _gate = new();
    private PinnedBlock? _top;

    public void Push(PinnedBlock block)
    {
        lock (_gate)
        {
            block.NextFree = _top;
            _top = block;
        }
    }

    public bool TryPop([NotNullWhen(true)] out PinnedBlock? block)
    {
        lock (_gate)
        {
            block = _top;
            if (block is null)
            {
                return false;
            }

            _top = block.NextFree;
            block.NextFree = null;
            return true;
        }
    }
}
