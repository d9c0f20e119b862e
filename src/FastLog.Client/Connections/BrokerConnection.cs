using System.Net.Sockets;
using System.Reflection;
using FastLog.Network;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Client;

/// <summary>
/// A connection to one broker that knows which versions the broker speaks, and carries many requests at once.
/// </summary>
/// <remarks>Thread-safe. Requests reach the broker in the order they are sent in.</remarks>
public sealed class BrokerConnection : IAsyncDisposable
{
    private const short ApiVersionsVersionMax = 4;

    private static readonly string SoftwareVersion =
        typeof(BrokerConnection).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
        ?? "unknown";

    private readonly OutgoingConnection _connection;
    private readonly string _clientId;
    private readonly StringCache _strings = new();
    private ApiVersionTable? _versions;
    private int _correlationId;

    private BrokerConnection(OutgoingConnection connection, BrokerEndpoint endpoint, string clientId)
    {
        _connection = connection;
        _clientId = clientId;
        Endpoint = endpoint;
    }

    /// <summary>Where the broker listens.</summary>
    public BrokerEndpoint Endpoint { get; }

    /// <summary>Whether the connection still works, as far as is known.</summary>
    public bool IsOpen => _connection.IsOpen;

    private ApiVersionTable Versions => _versions ?? throw new InvalidOperationException("the versions are not known yet");

    /// <summary>Connects and asks which versions the broker speaks.</summary>
    /// <param name="endpoint">Where the broker listens.</param>
    /// <param name="options">Name, bounds and timeouts.</param>
    /// <param name="pool">Where received and sent bytes live; stays the caller's.</param>
    /// <param name="continuesOnReadLoop">See <see cref="OutgoingConnectionOptions.ContinuesOnReadLoop"/>.</param>
    /// <param name="cancellationToken">Gives the attempt up.</param>
    /// <exception cref="KafkaException">The broker cannot be reached, or speaks nothing in common.</exception>
    public static async Task<BrokerConnection> OpenAsync(
        BrokerEndpoint endpoint,
        ClientOptions options,
        PinnedBlockPool pool,
        bool continuesOnReadLoop,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        OutgoingConnectionOptions connectionOptions = new()
        {
            ConnectTimeoutMs = options.ConnectTimeoutMs,
            RequestTimeoutMs = options.RequestTimeoutMs,
            ContinuesOnReadLoop = continuesOnReadLoop,
        };
        BrokerConnection connection;
        try
        {
            connection = new BrokerConnection(
                await OutgoingConnection.ConnectAsync(
                    endpoint.Host, endpoint.Port, connectionOptions, pool, options.TimeProvider, cancellationToken)
                    .ConfigureAwait(false),
                endpoint,
                options.ClientId);
        }
        catch (ConnectionLostException e)
        {
            string reason = e.InnerException is SocketException socket ? socket.Message
                : $"no connection within {options.ConnectTimeoutMs} ms";
            throw new KafkaException(ErrorCode.NetworkException, $"cannot reach {endpoint}: {reason}", e);
        }

        try
        {
            connection._versions = await connection.NegotiateAsync(cancellationToken).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The version to send a request in.</summary>
    /// <exception cref="KafkaException">The broker does not offer the API in a version known here.</exception>
    public short VersionOf(ApiKey api, short versionMax = short.MaxValue) => Versions.Choose(api, versionMax);

    /// <summary>Whether the broker and this client both speak a version.</summary>
    public bool Supports(ApiKey api, short version) => Versions.Supports(api, version);

    /// <summary>Sends a request and waits for its response.</summary>
    /// <exception cref="KafkaException">The connection was lost, or the response makes no sense. Errors inside of the
    /// response are left to the caller.</exception>
    public Task<TResponse> RequestAsync<TResponse>(
        IRequest<TResponse> request, CancellationToken cancellationToken, short versionMax = short.MaxValue)
        where TResponse : class, IResponse, new() =>
        RequestAsync(request, static (TResponse response) => response, cancellationToken, versionMax);

    /// <summary>Sends a request and reads its response while the bytes that it refers to are there.</summary>
    /// <exception cref="KafkaException">The connection was lost, or the response makes no sense. Errors inside of the
    /// response are left to the caller.</exception>
    public async Task<TResult> RequestAsync<TResponse, TResult>(
        IRequest<TResponse> request,
        Func<TResponse, TResult> read,
        CancellationToken cancellationToken,
        short versionMax = short.MaxValue)
        where TResponse : class, IResponse, new()
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(read);
        short version = VersionOf(request.ApiKey, versionMax);
        using ResponseFrame frame = await AnswerAsync(request, version, cancellationToken).ConfigureAwait(false);
        TResponse response = new();
        Decode(frame, response, version);
        return read(response);
    }

    /// <summary>
    /// Sends a request; the frame that comes back is the caller's to dispose. Await exactly once. Nothing is allocated
    /// beyond what the request holds.
    /// </summary>
    /// <exception cref="ConnectionLostException">From the returned task: the connection ended first.</exception>
    public ValueTask<ResponseFrame> SendAsync(IRequest request, short version)
    {
        FrameOutput frame = Encode(request, version, out int correlationId);
        return _connection.SendAsync(correlationId, frame);
    }

    /// <summary>Sends a request that gets no response; ends when the socket took it.</summary>
    /// <exception cref="ConnectionLostException">From the returned task: the connection ended first.</exception>
    public ValueTask SendOneWayAsync(IRequest request, short version) =>
        _connection.SendOneWayAsync(Encode(request, version, out _));

    /// <summary>Reads a response into <paramref name="response"/>, whose bytes are slices of the frame.</summary>
    /// <exception cref="KafkaException">It cannot be read.</exception>
    public void Decode(ResponseFrame frame, IResponse response, short version)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentNullException.ThrowIfNull(response);
        try
        {
            var reader = new MessageReader(frame.Payload, _strings);
            ResponseHeader.Decode(ref reader, response.ApiKey, version);
            response.Decode(ref reader, version);
        }
        catch (ProtocolException e)
        {
            throw new KafkaException(
                ErrorCode.UnknownServerError, $"{Endpoint} sent a response to {response.ApiKey} v{version} that cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Closes the connection; what is pending fails.</summary>
    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private FrameOutput Encode(IRequest request, short version, out int correlationId)
    {
        ArgumentNullException.ThrowIfNull(request);
        correlationId = Interlocked.Increment(ref _correlationId);
        FrameOutput frame = _connection.RentFrame();
        try
        {
            var writer = new MessageWriter(frame);
            new RequestHeader(request.ApiKey, version, correlationId, _clientId).Encode(ref writer);
            request.Encode(ref writer, version);
            writer.Flush();
            return frame;
        }
        catch
        {
            _connection.ReturnFrame(frame);
            throw;
        }
    }

    private async Task<ResponseFrame> AnswerAsync(IRequest request, short version, CancellationToken cancellationToken)
    {
        Task<ResponseFrame> answer = SendAsync(request, version).AsTask();
        try
        {
            return await answer.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (ConnectionLostException e)
        {
            throw new KafkaException(ErrorCode.NetworkException, e.Message, e);
        }
        catch (OperationCanceledException)
        {
            // Nobody waits for the response any more, but its memory has to go back when it comes.
            _ = answer.ContinueWith(
                static late => late.Result.Dispose(),
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
            throw;
        }
    }

    /// <summary>Asks for the broker's versions; a broker that does not know ours names its own (KIP-35).</summary>
    private async Task<ApiVersionTable> NegotiateAsync(CancellationToken cancellationToken)
    {
        short version = ApiVersionsVersionMax;
        while (true)
        {
            ApiVersionsRequest request = new()
            {
                ClientSoftwareName = version >= 3 ? "fastlog" : "",
                ClientSoftwareVersion = version >= 3 ? SoftwareVersion : "",
            };
            using ResponseFrame frame = await AnswerAsync(request, version, cancellationToken).ConfigureAwait(false);
            ApiVersionsResponse response = new();
            // Whatever version was asked for, this error comes in version 0.
            bool isRefused = version > 0 && IsVersionRefused(frame);
            Decode(frame, response, isRefused ? (short)0 : version);
            if (!isRefused)
            {
                return response.ErrorCode == ErrorCode.None
                    ? ApiVersionTable.From(response)
                    : throw KafkaException.For(response.ErrorCode, Endpoint.ToString());
            }

            version = FallbackVersion(response, version);
        }
    }

    private static bool IsVersionRefused(ResponseFrame frame)
    {
        var reader = new MessageReader(frame.Payload);
        reader.ReadInt32();
        return reader.Remaining >= sizeof(short) && reader.ReadErrorCode() == ErrorCode.UnsupportedVersion;
    }

    private static short FallbackVersion(ApiVersionsResponse refusal, short refused)
    {
        foreach (ApiVersionsResponse.ApiVersion api in refusal.ApiKeys)
        {
            if (api.ApiKey == (short)ApiKey.ApiVersions && api.MaxVersion >= 0 && api.MaxVersion < refused)
            {
                return api.MaxVersion;
            }
        }

        return 0;
    }
}
