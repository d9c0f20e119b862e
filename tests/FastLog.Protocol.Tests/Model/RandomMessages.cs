using System.Collections;
using System.Text;
using FastLog.Protocol.Generator.Model;

namespace FastLog.Protocol.Tests.Model;

/// <summary>Fills messages with random values that a version can carry, so that decoding has to bring all of them back.</summary>
internal sealed class RandomMessages(Random random)
{
    private static readonly string[] Texts = ["", "a", "topic-1", "grüße", "日本語", "\U0001F600", new string('x', 300)];

    public IMessage Next(MessageModel model, short version)
    {
        IMessage message = Schemas.Create(model);
        Fill(message, model, model.Root, version);
        return message;
    }

    private void Fill(object target, MessageModel message, StructModel model, short version)
    {
        foreach (FieldModel field in model.Fields.Where(f => f.Has(version)))
        {
            // Defaults are values too, and decide whether a tagged field is written at all.
            if (random.Next(4) > 0)
            {
                Set(target, message, field, version);
            }
            else if (!field.IsNullableIn(version) && Property.Get(target, field) is null)
            {
                Property.Set(target, field, field.Type.IsArray ? Property.NewValue(target, field) : Value(field));
            }
        }
    }

    private void Set(object target, MessageModel message, FieldModel field, short version)
    {
        bool isNull = field.IsNullableIn(version) && random.Next(3) == 0;
        if (isNull)
        {
            Property.Set(target, field, field.Type.Wire == WireType.Records ? RecordsField.Null : null);
        }
        else if (field.Type.IsArray)
        {
            FillArray(target, message, field, version);
        }
        else if (field.Type.Wire == WireType.Struct)
        {
            object value = Property.Get(target, field) ?? Property.NewValue(target, field);
            Fill(value, message, message.FindStruct(field.Type.StructName!)!, version);
            Property.SetIfPossible(target, field, value);
        }
        else
        {
            Property.Set(target, field, Value(field));
        }
    }

    private void FillArray(object target, MessageModel message, FieldModel field, short version)
    {
        object list = Property.Get(target, field) ?? Property.NewValue(target, field);
        int count = random.Next(10) == 0 ? 130 : random.Next(4);
        for (int i = 0; i < count && (count < 100 || field.Type.Wire != WireType.Struct); i++)
        {
            object item;
            if (field.Type.Wire == WireType.Struct)
            {
                item = Activator.CreateInstance(list.GetType().GetGenericArguments()[0])!;
                Fill(item, message, message.FindStruct(field.Type.StructName!)!, version);
            }
            else
            {
                item = Value(field);
            }

            Property.AddTo(list, item);
        }

        Property.SetIfPossible(target, field, list);
    }

    private object Value(FieldModel field) => field.Type.Wire switch
    {
        WireType.Bool => random.Next(2) == 0,
        WireType.Int8 => (sbyte)Integer(),
        WireType.Int16 => (short)Integer(),
        WireType.UInt16 => (ushort)Integer(),
        WireType.Int32 => (int)Integer(),
        WireType.UInt32 => (uint)Integer(),
        WireType.Int64 => Integer(),
        WireType.Float64 => BitConverter.Int64BitsToDouble(Integer()),
        WireType.Uuid => new Guid(Bytes(16)),
        WireType.Error => (ErrorCode)(short)Integer(),
        WireType.String => Text(),
        WireType.Bytes => new ReadOnlyMemory<byte>(Bytes(random.Next(200))),
        _ => new RecordsField(Bytes(random.Next(2000))),
    };

    private long Integer() => random.Next(6) switch
    {
        0 => 0,
        1 => -1,
        2 => random.Next(-128, 128),
        3 => random.Next(),
        4 => random.NextInt64(long.MinValue, long.MaxValue),
        _ => random.Next(2) == 0 ? long.MinValue : long.MaxValue,
    };

    private string Text() => random.Next(2) == 0
        ? Texts[random.Next(Texts.Length)]
        : Encoding.ASCII.GetString(Bytes(random.Next(20)).Select(b => (byte)(32 + (b % 95))).ToArray());

    private byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}

/// <summary>A schema's field as the property of a generated class.</summary>
internal static class Property
{
    public static object? Get(object target, FieldModel field) => Info(target, field).GetValue(target);

    public static void Set(object target, FieldModel field, object? value) => Info(target, field).SetValue(target, value);

    public static void SetIfPossible(object target, FieldModel field, object value)
    {
        if (Info(target, field).CanWrite)
        {
            Set(target, field, value);
        }
    }

    public static object NewValue(object target, FieldModel field) =>
        Activator.CreateInstance(Info(target, field).PropertyType)!;

    public static void AddTo(object list, object item) =>
        list.GetType().GetMethod(nameof(IList.Add), [item.GetType()])!.Invoke(list, [item]);

    private static System.Reflection.PropertyInfo Info(object target, FieldModel field) =>
        target.GetType().GetProperty(field.Name) ?? throw new InvalidOperationException($"no property {field.Name}");
}
