using System.Text.Json;
using System.Text.Json.Serialization;

namespace FastLog.Load.Results;

/// <summary>How results are written for machines: camelCase names, enums by name.</summary>
public static class ResultJson
{
    private static readonly JsonSerializerOptions OneLine = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    private static readonly JsonSerializerOptions Indented = new(OneLine) { WriteIndented = true };

    /// <summary>Writes a result, or a report of several.</summary>
    public static string Write<T>(T value, bool isIndented) =>
        JsonSerializer.Serialize(value, isIndented ? Indented : OneLine);

    /// <summary>Reads what <c>--json</c> printed.</summary>
    /// <exception cref="JsonException">It is something else.</exception>
    public static LoadResult ReadResult(string json) =>
        JsonSerializer.Deserialize<LoadResult>(json, OneLine) ?? throw new JsonException("the result is null");
}
