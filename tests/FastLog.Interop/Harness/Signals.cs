using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace FastLog.Interop.Harness;

/// <summary>Sends a process the signals that .NET has no method for.</summary>
internal static partial class Signals
{
    private const int SigTerm = 15;

    /// <summary>Asks <paramref name="process"/> to end.</summary>
    public static void Terminate(Process process)
    {
        if (Kill(process.Id, SigTerm) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int processId, int signal);
}
