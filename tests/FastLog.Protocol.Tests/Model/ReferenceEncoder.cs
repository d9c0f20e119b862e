using System.Buffers.Binary;
using System.Collections;
using System.Text;
using FastLog.Protocol.Generator.Model;

namespace FastLog.Protocol.Tests.Model;

/// <summary>
/// The encoding rules of the protocol told a second time: as plainly as they can be, by walking the schema, and without
/// any of the code under test. Generated messages have to come to the same bytes.
/// </summary>
internal sealed class ReferenceEncoder(MessageModel message, short version)
{
    private readonly bool _flexible = version >= message.FirstFlexible;

    public static byte[] Encode(MessageModel message, object value, short version) =>
        new ReferenceEncoder(message, version).Struct(message.Root, value).ToArray();

    private List<byte> Struct(StructModel model, object value)
    {
        var bytes = new List<byte>();
        foreach (FieldModel field in model.Fields.Where(f => f.Has(version) && f.Tag is null))
        {
            bytes.AddRange(Field(field, Property.Get(value, field)));
        }

        if (_flexible)
        {
            object pristine = Activator.CreateInstance(value.GetType())!;
            List<FieldModel> tagged = model.Fields
                .Where(f => f.Has(version) && f.Tag is not null)
                .Where(f => !MessageComparer.AreEqual(Property.Get(value, f), Property.Get(pristine, f)))
                .OrderBy(f => f.Tag)
                .ToList();
            bytes.AddRange(Varint(tagged.Count));
            foreach (FieldModel field in tagged)
            {
                List<byte> content = Field(field, Property.Get(value, field));
                bytes.AddRange([.. Varint(field.Tag!.Value), .. Varint(content.Count), .. content]);
            }
        }

        return bytes;
    }

    private List<byte> Field(FieldModel field, object? value)
    {
        if (!field.Type.IsArray)
        {
            bool isNullableStruct = field.Type.Wire == WireType.Struct && field.IsNullable;
            return isNullableStruct
                ? value is null ? [field.Tag is null ? (byte)0xFF : (byte)0] : [1, .. Value(field.Type, value)]
                : Value(field.Type, value);
        }

        var items = (IEnumerable?)value;
        var bytes = Length(items?.Cast<object>().Count(), wide: true);
        foreach (object item in items ?? Array.Empty<object>())
        {
            bytes.AddRange(Value(field.Type, item));
        }

        return bytes;
    }

    private List<byte> Value(FieldType type, object? value) => (type.Wire, value) switch
    {
        (WireType.Bool, bool flag) => [flag ? (byte)1 : (byte)0],
        (WireType.Int8, sbyte number) => [(byte)number],
        (WireType.Int16, short number) => BigEndian((ulong)number, 2),
        (WireType.UInt16, ushort number) => BigEndian(number, 2),
        (WireType.Int32, int number) => BigEndian((ulong)number, 4),
        (WireType.UInt32, uint number) => BigEndian(number, 4),
        (WireType.Int64, long number) => BigEndian((ulong)number, 8),
        (WireType.Float64, double number) => BigEndian(BitConverter.DoubleToUInt64Bits(number), 8),
        (WireType.Error, ErrorCode code) => BigEndian((ulong)(short)code, 2),
        (WireType.Uuid, Guid uuid) => [.. uuid.ToByteArray(bigEndian: true)],
        (WireType.String, string text) => [.. Length(Encoding.UTF8.GetByteCount(text), wide: false), .. Encoding.UTF8.GetBytes(text)],
        (WireType.String, null) => Length(null, wide: false),
        (WireType.Bytes, ReadOnlyMemory<byte> raw) => [.. Length(raw.Length, wide: true), .. raw.ToArray()],
        (WireType.Records, RecordsField { IsNull: true }) or (WireType.Bytes, null) => Length(null, wide: true),
        (WireType.Records, RecordsField records) => [.. Length(records.SizeInBytes, wide: true), .. records.Bytes.FirstSpan],
        (WireType.Struct, not null) => Struct(message.FindStruct(type.StructName!)!, value),
        _ => throw new InvalidOperationException($"{value} is no {type.Wire}"),
    };

    private List<byte> Length(int? length, bool wide) =>
        _flexible ? Varint((length ?? -1) + 1) : BigEndian((ulong)(length ?? -1), wide ? 4 : 2);

    private static List<byte> BigEndian(ulong value, int count)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        return [.. bytes.AsSpan(8 - count)];
    }

    private static List<byte> Varint(int value)
    {
        var bytes = new List<byte>();
        uint rest = (uint)value;
        for (; rest > 0x7F; rest >>= 7)
        {
            bytes.Add((byte)((rest & 0x7F) | 0x80));
        }

        bytes.Add((byte)rest);
        return bytes;
    }
}
