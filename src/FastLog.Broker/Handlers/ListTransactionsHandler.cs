using FastLog.Broker.Requests;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Handlers;

/// <summary>ListTransactions (KIP-664). This broker coordinates no transactions: whatever is filtered, none is left.</summary>
internal sealed class ListTransactionsHandler : RequestHandler<ListTransactionsRequest, ListTransactionsResponse>
{
    private static readonly string[] States =
        ["Empty", "Ongoing", "PrepareCommit", "PrepareAbort", "CompleteCommit", "CompleteAbort", "Dead", "PrepareEpochFence"];

    public override ApiKey ApiKey => ApiKey.ListTransactions;

    internal override ValueTask<ListTransactionsResponse> HandleAsync(
        RequestContext context, ListTransactionsRequest request)
    {
        var response = new ListTransactionsResponse();
        response.UnknownStateFilters.AddRange([.. request.StateFilters.Except(States, StringComparer.Ordinal)]);
        return ValueTask.FromResult(response);
    }
}
