using FastLog.Protocol;

namespace FastLog.Coordination;

/// <summary>An answer on its way: it is given when what it tells of is durable, or becomes an error when that fails.</summary>
internal abstract class Answer
{
    /// <summary>Gives it.</summary>
    public abstract void Give();

    /// <summary>Gives the error in its place.</summary>
    public abstract void Fail(ErrorCode error);
}

/// <inheritdoc cref="Answer"/>
/// <param name="reply">Takes the answer.</param>
/// <param name="response">The answer.</param>
/// <typeparam name="TResponse">The type of the answer.</typeparam>
internal sealed class Answer<TResponse>(Action<TResponse> reply, TResponse response) : Answer
    where TResponse : class
{
    public override void Give() => reply(response);

    public override void Fail(ErrorCode error)
    {
        GroupErrors.Overwrite(response, error);
        reply(response);
    }
}
