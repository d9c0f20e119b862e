namespace FastLog.Records;

/// <summary>
/// A borrowed writer for bytes that live no longer than one call. Each thread keeps one writer object;
/// its array goes back to the pool on <see cref="Dispose"/>, so an idle thread holds no memory.
/// </summary>
internal readonly ref struct ScratchBuffer
{
    [ThreadStatic]
    private static PooledBufferWriter? t_idle;

    private ScratchBuffer(PooledBufferWriter writer) => Writer = writer;

    /// <summary>The borrowed writer, empty at the start.</summary>
    public PooledBufferWriter Writer { get; }

    /// <summary>Takes this thread's writer, or a new one when it is in use further up the stack.</summary>
    public static ScratchBuffer Borrow()
    {
        PooledBufferWriter writer = t_idle ?? new PooledBufferWriter();
        t_idle = null;
        return new ScratchBuffer(writer);
    }

    /// <summary>Gives the array back to the pool and the writer back to the thread.</summary>
    public void Dispose()
    {
        Writer.Release();
        t_idle = Writer;
    }
}
