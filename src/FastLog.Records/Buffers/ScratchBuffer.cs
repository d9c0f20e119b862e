namespace FastLog.Records;

/// <summary>
/// A borrowed writer for bytes that live no longer than one call. Each thread keeps its writer objects;
/// their arrays go back to the pool on <see cref="Dispose"/>, so an idle thread holds no memory.
/// Borrowing within borrowing is well; the inner one ends first, as <c>using</c> has it.
/// </summary>
internal readonly ref struct ScratchBuffer
{
    private const int DepthMax = 4;

    [ThreadStatic]
    private static PooledBufferWriter?[]? _writers;

    [ThreadStatic]
    private static int _depth;

    private ScratchBuffer(PooledBufferWriter writer) => Writer = writer;

    /// <summary>The borrowed writer, empty at the start.</summary>
    public PooledBufferWriter Writer { get; }

    /// <summary>Takes the next of this thread's writers.</summary>
    public static ScratchBuffer Borrow()
    {
        _writers ??= new PooledBufferWriter?[DepthMax];
        Invariant.Check(_depth < DepthMax, "Scratch buffers are not borrowed recursively.");
        return new ScratchBuffer(_writers[_depth++] ??= new PooledBufferWriter());
    }

    /// <summary>Gives the array back to the pool and the writer back to the thread.</summary>
    public void Dispose()
    {
        _depth--;
        Invariant.Check(_writers![_depth] == Writer, "The scratch buffer borrowed last ends first.");
        Writer.Release();
    }
}
