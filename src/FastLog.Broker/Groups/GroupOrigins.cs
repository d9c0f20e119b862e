using FastLog.Broker.Requests;
using FastLog.Coordination;

namespace FastLog.Broker.Groups;

/// <summary>Who sends requests about groups.</summary>
internal static class GroupOrigins
{
    /// <summary>The sender of a request; its host is written as Java writes an address.</summary>
    public static RequestOrigin Of(in RequestContext context) => new(
        context.Header.ClientId ?? "", context.State.HostOf(context.Connection), context.Version);
}
