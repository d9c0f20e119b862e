using System.Runtime.InteropServices;

namespace FastLog.Records;

/// <summary>A native codec's working memory, freed when its owner lets go of it or is collected.</summary>
internal abstract class NativeContext : SafeHandle
{
    protected NativeContext()
        : base(0, ownsHandle: true)
    {
    }

    public override bool IsInvalid => handle == 0;

    /// <summary>The pointer to pass; the caller keeps this object alive over the call.</summary>
    public nint Pointer => handle;
}

/// <summary>
/// One idle context of a kind per thread, so that packing and unpacking reuse native memory without a
/// lock. Contexts of threads that end are freed by finalisation.
/// </summary>
internal static class IdleContext<TContext>
    where TContext : NativeContext, new()
{
    [ThreadStatic]
    private static TContext? _idle;

    /// <summary>Takes this thread's context, or a new one.</summary>
    public static TContext Take()
    {
        TContext context = _idle ?? new TContext();
        _idle = null;
        return context;
    }

    /// <summary>Gives a context back that is fit for the next use; one that is not is disposed instead.</summary>
    public static void Return(TContext context) => _idle = context;
}
