using System.Runtime.InteropServices;

namespace FastLog.Records;

/// <summary>
/// A shared library that a codec needs and a machine may lack. Looked for once, on first use, so that
/// its absence is an answer and not a failing type initialiser.
/// </summary>
internal sealed class NativeCodecLibrary
{
    private readonly string _codecName;
    private readonly Lazy<string> _reason;

    /// <summary>Describes a library.</summary>
    /// <param name="codecName">What is off without it, for the message.</param>
    /// <param name="fileName">Name for the loader.</param>
    /// <param name="debianPackage">What to install.</param>
    /// <param name="neededSymbol">A function that tells a library new enough.</param>
    public NativeCodecLibrary(string codecName, string fileName, string debianPackage, string neededSymbol)
    {
        _codecName = codecName;
        _reason = new Lazy<string>(() => Probe(fileName, debianPackage, neededSymbol));
    }

    /// <summary>Whether the library is there; if not, why not and what to install.</summary>
    public bool IsAvailable(out string reason)
    {
        reason = _reason.Value;
        return reason.Length == 0;
    }

    /// <summary><see cref="NotSupportedException"/> when the library is not there.</summary>
    public void ThrowIfMissing()
    {
        if (!IsAvailable(out string reason))
        {
            throw new NotSupportedException(reason);
        }
    }

    // The handle is kept for the life of the process: a library that goes and comes would gain nothing.
    private string Probe(string fileName, string debianPackage, string neededSymbol)
    {
        if (!NativeLibrary.TryLoad(fileName, typeof(NativeCodecLibrary).Assembly, null, out nint handle))
        {
            return $"{_codecName} compression is off: the library {fileName} was not found. "
                + $"Install the Debian package {debianPackage}, or its like.";
        }

        return NativeLibrary.TryGetExport(handle, neededSymbol, out _)
            ? ""
            : $"{_codecName} compression is off: the library {fileName} is too old, it lacks {neededSymbol}. "
                + $"Install a newer Debian package {debianPackage}, or its like.";
    }
}
