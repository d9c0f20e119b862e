namespace FastLog.Client;

/// <summary>Batches that are not in use, with their buffers. Bounded by the buffer memory that batches in use count
/// against: there are never more batches than were once in use together.</summary>
internal sealed class BatchPool(int sparesMax) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Stack<ProducerBatch> _spares = new();
    private bool _isDisposed;

    public ProducerBatch Rent()
    {
        lock (_gate)
        {
            return _spares.TryPop(out ProducerBatch? spare) ? spare : new ProducerBatch();
        }
    }

    public void Return(ProducerBatch batch)
    {
        batch.Clear();
        lock (_gate)
        {
            if (!_isDisposed && _spares.Count < sparesMax)
            {
                _spares.Push(batch);
                return;
            }
        }

        batch.Dispose();
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            while (_spares.TryPop(out ProducerBatch? spare))
            {
                spare.Dispose();
            }
        }
    }
}
