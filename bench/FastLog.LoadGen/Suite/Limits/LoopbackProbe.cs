using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using FastLog.Load.Measuring;

namespace FastLog.LoadGen.Suite.Limits;

/// <summary>A bare socket over the loopback address between two threads of this process: messages one way, answers the
/// other, with blocking calls and nothing done to the bytes.</summary>
internal static class LoopbackProbe
{
    /// <param name="messageBytes">The size of a message.</param>
    /// <param name="answerBytes">The size of its answer.</param>
    /// <param name="onTheWayMax">Messages sent and not answered, at most.</param>
    /// <param name="time">How long.</param>
    /// <returns>Messages a second, and the median time from sending one to its answer when one is on its way.</returns>
    public static ProbeFigures Run(int messageBytes, int answerBytes, int onTheWayMax, TimeSpan time)
    {
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        using Socket near = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        near.Connect(listener.LocalEndPoint!);
        using Socket far = listener.Accept();
        far.NoDelay = true;
        Thread answering = new(() => Answer(far, messageBytes, answerBytes)) { IsBackground = true, Name = "loopback answers" };
        answering.Start();
        try
        {
            return Send(near, messageBytes, answerBytes, onTheWayMax, time);
        }
        finally
        {
            near.Shutdown(SocketShutdown.Both);
            answering.Join();
        }
    }

    private static ProbeFigures Send(Socket socket, int messageBytes, int answerBytes, int onTheWayMax, TimeSpan time)
    {
        byte[] message = new byte[messageBytes];
        byte[] answers = new byte[Math.Max(64 * 1024, answerBytes)];
        LatencyHistogram rounds = new();
        long sentCount = 0;
        long answeredBytes = 0;
        long startedAt = Stopwatch.GetTimestamp();
        do
        {
            long sentAt = Stopwatch.GetTimestamp();
            socket.Send(message);
            sentCount++;
            while (sentCount - answeredBytes / answerBytes >= onTheWayMax)
            {
                answeredBytes += Received(socket, answers);
            }

            rounds.Record((long)Stopwatch.GetElapsedTime(sentAt).TotalNanoseconds);
        }
        while (Stopwatch.GetElapsedTime(startedAt) < time);
        double seconds = Stopwatch.GetElapsedTime(startedAt).TotalSeconds;
        return new ProbeFigures(answeredBytes / answerBytes / seconds, rounds.Percentile(50) / 1e6);
    }

    /// <summary>Answers whatever has come whole, in one send, until the other side ends.</summary>
    private static void Answer(Socket socket, int messageBytes, int answerBytes)
    {
        byte[] received = new byte[Math.Max(64 * 1024, messageBytes)];
        byte[] answers = new byte[Math.Max(64 * 1024, answerBytes)];
        long bytes = 0;
        long answeredCount = 0;
        try
        {
            for (int count; (count = socket.Receive(received)) > 0;)
            {
                bytes += count;
                for (long left = (bytes / messageBytes - answeredCount) * answerBytes; left > 0;)
                {
                    left -= socket.Send(answers.AsSpan(0, (int)Math.Min(left, answers.Length)));
                }

                answeredCount = bytes / messageBytes;
            }
        }
        catch (SocketException)
        {
            // The other side had enough while answers were still on their way to it.
        }
    }

    private static int Received(Socket socket, byte[] into)
    {
        int count = socket.Receive(into);
        return count > 0 ? count : throw new SuiteException("the loopback probe's connection ended");
    }
}
