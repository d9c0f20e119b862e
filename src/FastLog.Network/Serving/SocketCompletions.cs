namespace FastLog.Network;

/// <summary>Where the runtime goes on when a socket is ready: in its thread pool, or on the threads that watch the sockets.</summary>
public static class SocketCompletions
{
    private const string Variable = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <summary>
    /// Makes all sockets of the process go on where their readiness was seen: one watching thread per core, and no hop to
    /// a pool thread for each receive. What a listener does there is short; long turns and reads from disk leave for the
    /// pool by themselves. To be called before the first socket is made, later it has no effect; a value that the
    /// environment already gives is left alone.
    /// </summary>
    /// <remarks>The runtime offers no other way to say it than this variable.</remarks>
    public static void RunInline()
    {
        if (Environment.GetEnvironmentVariable(Variable) is null)
        {
            Environment.SetEnvironmentVariable(Variable, "1");
        }
    }
}
