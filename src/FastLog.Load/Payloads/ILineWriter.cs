using System.Text;

namespace FastLog.Load.Payloads;

/// <summary>Writes one line after another as some program would; ASCII only.</summary>
internal interface ILineWriter
{
    /// <summary>Appends a line, without what divides it from the next.</summary>
    void Write(StringBuilder text);
}
