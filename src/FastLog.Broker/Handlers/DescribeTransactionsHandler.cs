using FastLog.Broker.Requests;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Handlers;

/// <summary>DescribeTransactions (KIP-664). This broker coordinates no transactions, so no transactional id is known.</summary>
internal sealed class DescribeTransactionsHandler
    : RequestHandler<DescribeTransactionsRequest, DescribeTransactionsResponse>
{
    public override ApiKey ApiKey => ApiKey.DescribeTransactions;

    internal override ValueTask<DescribeTransactionsResponse> HandleAsync(
        RequestContext context, DescribeTransactionsRequest request)
    {
        var response = new DescribeTransactionsResponse();
        foreach (var id in request.TransactionalIds)
        {
            var entry = response.TransactionStates.Add();
            entry.TransactionalId = id;
            entry.ErrorCode = id.Length == 0 ? ErrorCode.InvalidRequest : ErrorCode.TransactionalIdNotFound;
        }

        return ValueTask.FromResult(response);
    }
}
