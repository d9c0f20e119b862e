using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace FastLog.Server.Commands.Output;

/// <summary>
/// The two ways in which a command prints what it found. A command makes one record of it; people see that as text and
/// tables, programs as one JSON document with the record's properties in camelCase. Names once printed stay.
/// </summary>
internal static class CommandOutput
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>Prints a result.</summary>
    /// <param name="result">What was found.</param>
    /// <param name="isJson">Whether <c>--json</c> was given.</param>
    /// <param name="forPeople">Writes it for people.</param>
    /// <param name="writer">Where to; null for standard output.</param>
    public static void Write<T>(T result, bool isJson, Action<T, TextWriter> forPeople, TextWriter? writer = null)
    {
        writer ??= Console.Out;
        if (isJson)
        {
            writer.WriteLine(ToJson(result));
        }
        else
        {
            forPeople(result, writer);
        }
    }

    /// <summary>The JSON document of a result.</summary>
    public static string ToJson<T>(T result) => JsonSerializer.Serialize(result, Json);
}
