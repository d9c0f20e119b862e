using System.Buffers;
using BenchmarkDotNet.Attributes;
using FastLog.Benchmarks.Inputs;
using FastLog.Protocol;

namespace FastLog.Benchmarks.Messages;

/// <summary>
/// One API in its latest version: a request's frame into a message object, and a message object into a response's frame,
/// headers included. Message objects and strings are reused, as the broker does on the way of produces and fetches.
/// </summary>
public abstract class MessageBenchmarks<TRequest, TResponse>
    where TRequest : IRequest, new()
    where TResponse : IResponse, new()
{
    private const int FrameBytesMax = 256 * 1024;

    private readonly FixedOutput _output = new(FrameBytesMax);
    private readonly StringCache _strings = new();
    private readonly TRequest _request = new();
    private readonly TResponse _response = new();
    private ReadOnlySequence<byte> _frame;
    private short _version;

    [GlobalSetup]
    public void Setup()
    {
        TRequest request = new();
        _version = request.Versions.Highest;
        Fill(request);
        Fill(_response);
        var writer = new MessageWriter(_output);
        new RequestHeader(request.ApiKey, _version, 1, "benchmark").Encode(ref writer);
        request.Encode(ref writer, _version);
        writer.Flush();
        _frame = new ReadOnlySequence<byte>(_output.ToArray());
    }

    [Benchmark]
    public long DecodeRequest()
    {
        var reader = new MessageReader(_frame, _strings);
        RequestHeader header = RequestHeader.Decode(ref reader);
        _request.Decode(ref reader, header.ApiVersion);
        return reader.Consumed;
    }

    [Benchmark]
    public long EncodeResponse()
    {
        _output.Clear();
        var writer = new MessageWriter(_output);
        new ResponseHeader(1).Encode(ref writer, _response.ApiKey, _version);
        _response.Encode(ref writer, _version);
        writer.Flush();
        return writer.BytesWritten;
    }

    /// <summary>Sets what a client sends.</summary>
    protected abstract void Fill(TRequest request);

    /// <summary>Sets what a broker answers.</summary>
    protected abstract void Fill(TResponse response);
}
