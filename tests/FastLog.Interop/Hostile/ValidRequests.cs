using System.Buffers;
using System.Reflection;
using FastLog.Interop.Wire;
using FastLog.Protocol;

namespace FastLog.Interop.Hostile;

/// <summary>
/// A valid request of any API in any version, as the seed for mutations: every field set to something that leads as
/// deep into the server as can be, by way of the message types themselves.
/// </summary>
internal sealed class ValidRequests(string topic, Guid topicId, Random random)
{
    private const int ElementsMax = 2;

    // What the request that is being made is about.
    private string _topic = "";
    private Guid _topicId;

    /// <summary>The payload of a frame: header and body.</summary>
    public byte[] Payload(ApiInfo api, short version)
    {
        // A request that deletes shall find nothing: the others need their topic.
        (_topic, _topicId) = api.Key == ApiKey.DeleteTopics ? ("nowhere", Guid.NewGuid()) : (topic, topicId);
        IRequest request = ApiCatalog.CreateRequest(api.Key);
        Fill(request, () => IsEncodable(request, version));
        var payload = new ArrayBufferWriter<byte>();
        var writer = new MessageWriter(payload);
        new RequestHeader(api.Key, version, correlationId: 0, "mutant").Encode(ref writer);
        request.Encode(ref writer, version);
        writer.Flush();
        return payload.WrittenSpan.ToArray();
    }

    // Not every version has every field: a field that the version cannot carry goes back to what it was.
    private void Fill(object message, Func<bool> isEncodable)
    {
        foreach (PropertyInfo property in message.GetType().GetProperties().Where(candidate => candidate.CanRead))
        {
            Type type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(MessageList<>))
            {
                FillList(message, property, type, isEncodable);
            }
            else if (property.CanWrite)
            {
                object? before = property.GetValue(message);
                property.SetValue(message, Value(property.Name, type, isEncodable) ?? before);
                if (!isEncodable())
                {
                    property.SetValue(message, before);
                }
            }
        }
    }

    private void FillList(object message, PropertyInfo property, Type type, Func<bool> isEncodable)
    {
        object? before = property.GetValue(message);
        if (before is null && !property.CanWrite)
        {
            return;
        }

        object list = before ?? Activator.CreateInstance(type)!;
        if (before is null)
        {
            property.SetValue(message, list);
        }

        MethodInfo add = type.GetMethod("Add", [type.GenericTypeArguments[0]])!;
        for (int count = random.Next(1, ElementsMax + 1); count > 0; count--)
        {
            // An element is filled once it is in the list, so that its message tells what it may carry.
            object? element = Value(property.Name, type.GenericTypeArguments[0], isEncodable);
            if (element is not null)
            {
                add.Invoke(list, [element]);
            }
        }

        if (!isEncodable())
        {
            type.GetMethod("Clear")!.Invoke(list, null);
            if (before is null)
            {
                property.SetValue(message, null);
            }
        }
    }

    private object? Value(string name, Type type, Func<bool> isEncodable)
    {
        if (typeof(IMessageStruct).IsAssignableFrom(type))
        {
            object element = Activator.CreateInstance(type)!;
            Fill(element, isEncodable);
            return element;
        }

        return type switch
        {
            _ when type == typeof(string) => Text(name),
            _ when type == typeof(bool) => random.Next(2) == 0,
            _ when type == typeof(Guid) => _topicId,
            _ when type == typeof(ReadOnlyMemory<byte>) => new ReadOnlyMemory<byte>([1, 2, 3]),
            _ when type == typeof(RecordsField) => new RecordsField(Batch()),
            _ when type == typeof(double) => 1.0,
            _ when type.IsEnum => Enum.ToObject(type, 0),
            _ when type.IsPrimitive => Convert.ChangeType(Number(name), type, System.Globalization.CultureInfo.InvariantCulture),
            _ => null,
        };
    }

    private string Text(string name) => name switch
    {
        _ when name.Contains("Topic", StringComparison.Ordinal) || name == "Name" => _topic,
        "TransactionalId" => "transaction",
        "Rack" or "RackId" => "",
        _ => $"text-{random.Next(10)}",
    };

    // Numbers with which a request reaches its handler's depth and is still harmless: a topic with three replicas is
    // looked at in every way and then refused, and no fetch waits.
    private int Number(string name) => name switch
    {
        "ReplicationFactor" => 3,
        "ReplicaId" or "Acks" or "SessionEpoch" => -1,
        "MinBytes" or "MaxWaitMs" or "SessionId" or "IsolationLevel" or "FetchOffset" => 0,
        "TimeoutMs" => 1_000,
        "MaxBytes" or "PartitionMaxBytes" => 100_000,
        "Timestamp" => -1,
        _ => random.Next(0, 3),
    };

    private byte[] Batch() => WireBatch.Encode(
        [.. Enumerable.Range(0, random.Next(1, 5)).Select(number => $"mutant {number}")], timestampMs: 1, WireProducer.None);

    private static bool IsEncodable(IRequest request, short version)
    {
        try
        {
            MessageWriter writer = MessageWriter.Measuring();
            request.Encode(ref writer, version);
            return true;
        }
        catch (ProtocolException)
        {
            return false;
        }
    }
}
