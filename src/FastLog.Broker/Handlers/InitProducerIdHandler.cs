using FastLog.Broker.Producers;
using FastLog.Broker.Requests;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Handlers;

/// <summary>
/// InitProducerId for idempotent producers: a new id with epoch 0. Transactional ids have no coordinator yet and are
/// answered so.
/// </summary>
internal sealed class InitProducerIdHandler(ProducerIds producerIds)
    : RequestHandler<InitProducerIdRequest, InitProducerIdResponse>
{
    public override ApiKey ApiKey => ApiKey.InitProducerId;

    internal override async ValueTask<InitProducerIdResponse> HandleAsync(
        RequestContext context, InitProducerIdRequest request)
    {
        var response = new InitProducerIdResponse { ProducerId = -1, ProducerEpoch = -1 };
        if (request.TransactionalId is { } transactionalId)
        {
            // A retriable error would keep a transactional producer trying for ever; this one it reports at once.
            response.ErrorCode = transactionalId.Length == 0 ? ErrorCode.InvalidRequest : ErrorCode.UnsupportedVersion;
            return response;
        }

        // Version 3 may carry the producer's id and epoch after an error: either both or none (KIP-360).
        if (request.ProducerId < 0 != request.ProducerEpoch < 0)
        {
            response.ErrorCode = ErrorCode.InvalidRequest;
            return response;
        }

        (response.ErrorCode, response.ProducerId) = await producerIds.NextAsync().ConfigureAwait(false);
        response.ProducerEpoch = (short)(response.ErrorCode == ErrorCode.None ? 0 : -1);
        return response;
    }
}
