using FastLog.Coordination;
using FastLog.Protocol;

namespace FastLog.Broker.Groups;

/// <summary>Requests about several groups: each part goes to the shard that keeps its group.</summary>
internal static class GroupQueries
{
    /// <summary>Asks the shard of one group.</summary>
    /// <param name="groups">The coordinator.</param>
    /// <param name="groupId">The group.</param>
    /// <param name="ask">Has the shard answer.</param>
    /// <param name="fail">Makes the answer that no shard gave.</param>
    public static Task<TAnswer> AskAsync<TAnswer>(
        this GroupCoordinator groups,
        string groupId,
        Action<GroupShard, Turn, Action<TAnswer>> ask,
        Func<ErrorCode, TAnswer> fail)
    {
        var answer = new TaskCompletionSource<TAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        groups.Run(
            groupId,
            (shard, turn) => ask(shard, turn, given => answer.TrySetResult(given)),
            error => answer.TrySetResult(fail(error)));
        return answer.Task;
    }

    /// <summary>Asks one shard, whatever groups it keeps.</summary>
    public static Task<TAnswer> AskAsync<TAnswer>(
        this ShardRunner runner, Action<GroupShard, Turn, Action<TAnswer>> ask, Func<ErrorCode, TAnswer> fail)
    {
        var answer = new TaskCompletionSource<TAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        runner.Run(
            (shard, turn) => ask(shard, turn, given => answer.TrySetResult(given)),
            error => answer.TrySetResult(fail(error)));
        return answer.Task;
    }
}
