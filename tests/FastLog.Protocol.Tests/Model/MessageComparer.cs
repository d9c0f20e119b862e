using System.Collections;
using System.Reflection;

namespace FastLog.Protocol.Tests.Model;

/// <summary>Compares messages by all of their public properties, to the bottom.</summary>
internal static class MessageComparer
{
    /// <summary>Where two messages differ first; null when they are equal.</summary>
    public static string? FirstDifference(object? expected, object? actual, string path = "")
    {
        switch (expected, actual)
        {
            case (null, null):
                return null;
            case (null, _) or (_, null):
                return $"{path}: {expected ?? "null"} and {actual ?? "null"}";
            case (IMessageStruct, IMessageStruct):
                return expected.GetType().GetProperties(BindingFlags.Instance | BindingFlags.Public)
                    .Select(p => FirstDifference(p.GetValue(expected), p.GetValue(actual), $"{path}.{p.Name}"))
                    .FirstOrDefault(difference => difference is not null);
            case (ReadOnlyMemory<byte> left, ReadOnlyMemory<byte> right):
                return left.Span.SequenceEqual(right.Span) ? null : $"{path}: different bytes";
            case (string or RecordsField, _):
                return expected.Equals(actual) ? null : $"{path}: {expected} and {actual}";
            case (IEnumerable left, IEnumerable right):
                return FirstDifferenceOfItems(left.Cast<object>().ToList(), right.Cast<object>().ToList(), path);
            default:
                return expected.Equals(actual) ? null : $"{path}: {expected} and {actual}";
        }
    }

    public static bool AreEqual(object? expected, object? actual) => FirstDifference(expected, actual) is null;

    private static string? FirstDifferenceOfItems(List<object> expected, List<object> actual, string path) =>
        expected.Count != actual.Count
            ? $"{path}: {expected.Count} and {actual.Count} elements"
            : expected.Select((item, i) => FirstDifference(item, actual[i], $"{path}[{i}]"))
                .FirstOrDefault(difference => difference is not null);
}
