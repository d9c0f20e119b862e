using FastLog.Protocol;

namespace FastLog.Coordination;

/// <summary>The answers of one turn, which wait for all that they tell of to be durable.</summary>
/// <param name="answers">The answers.</param>
internal sealed class TurnAnswers(IReadOnlyList<Answer> answers) : IDurabilityWaiter
{
    public void OnDurable()
    {
        for (var i = 0; i < answers.Count; i++)
        {
            answers[i].Give();
        }
    }

    public void OnFailed(ErrorCode error) => Fail(GroupErrors.OfLog(error));

    /// <summary>Gives an error in place of all answers.</summary>
    public void Fail(ErrorCode error)
    {
        for (var i = 0; i < answers.Count; i++)
        {
            answers[i].Fail(error);
        }
    }
}
