using System.Runtime.InteropServices;

namespace Granary.Edge.Listening.Loops;

/// <summary>What is asked of Linux: epoll(7), eventfd(2), recv(2), send(2). Nothing here ever waits but <see cref="Wait"/>.</summary>
internal static unsafe partial class Kernel
{
    public const int Again = 11, Interrupted = 4;
    public const uint Readable = 0x1, Writable = 0x4, Broken = 0x8, HungUp = 0x10, PeerEnded = 0x2000;

    private const int CloseOnExec = 0x80000, NonBlocking = 0x800, Add = 1, Remove = 2, DontWait = 0x40, NoSignal = 0x4000, Batch = 3;
    private const uint OnceEach = 1u << 31; // edge-triggered: an event tells a change, and is told once

    // struct epoll_event is packed on x86-64 only.
    private static readonly int TokenAt = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;

    /// <summary>Bytes of one event.</summary>
    public static readonly int EventBytes = TokenAt + 8;

    public static bool IsHere => OperatingSystem.IsLinux() && Environment.Is64BitProcess && BitConverter.IsLittleEndian;

    public static int LastError => Marshal.GetLastPInvokeError();

    public static int OpenPoll() => Must(epoll_create1(CloseOnExec));

    public static int OpenBell() => Must(eventfd(0, CloseOnExec | NonBlocking));

    /// <param name="token">Given back with each event.</param>
    public static void Watch(int poll, int descriptor, nint token, uint events = Readable | Writable | PeerEnded)
    {
        var change = stackalloc byte[16];
        *(uint*)change = events | OnceEach;
        *(long*)(change + TokenAt) = token;
        Must(epoll_ctl(poll, Add, descriptor, change));
    }

    public static void Forget(int poll, int descriptor)
    {
        var none = stackalloc byte[16];
        _ = epoll_ctl(poll, Remove, descriptor, none);
    }

    /// <returns>How many events there are, at least one; 0 when a signal came between.</returns>
    public static int Wait(int poll, byte* events, int most)
    {
        var count = epoll_wait(poll, events, most, -1);
        return count >= 0 ? count : LastError == Interrupted ? 0 : Must(count);
    }

    public static (uint Events, nint Token) Event(byte* events, int index)
    {
        var at = events + index * EventBytes;
        return (*(uint*)at, (nint)(*(long*)(at + TokenAt)));
    }

    public static void Ring(int bell)
    {
        var one = 1ul;
        _ = write(bell, &one, sizeof(ulong));
    }

    public static void Silence(int bell)
    {
        ulong rings;
        _ = read(bell, &rings, sizeof(ulong));
    }

    /// <returns>Bytes; 0 at the end; negative with <see cref="LastError"/>.</returns>
    public static int Receive(int socket, Span<byte> into)
    {
        fixed (byte* bytes = into) return (int)recv(socket, bytes, into.Length, DontWait);
    }

    /// <returns>Bytes taken; negative with <see cref="LastError"/>.</returns>
    public static long Send(int socket, ReadOnlySpan<Stretch> stretches)
    {
        fixed (Stretch* first = stretches)
        {
            if (stretches.Length == 1) return send(socket, first->Start, first->Length, DontWait | NoSignal); // the kernel has less to look at
            var message = new Message { Stretches = first, Count = stretches.Length };
            return sendmsg(socket, &message, DontWait | NoSignal);
        }
    }

    /// <summary>This thread, when it wakes, lets another that runs on its core end its slice: sched(7), SCHED_BATCH. Where that is not allowed, nothing changes.</summary>
    public static void Yield()
    {
        var priority = 0;
        _ = sched_setscheduler(0, Batch, &priority);
    }

    public static void Close(int descriptor) => _ = close(descriptor);

    private static int Must(int result) => result >= 0 ? result : throw new IOException($"The kernel refuses an event loop: error {LastError}.");

    [LibraryImport("libc")] private static partial int sched_setscheduler(int thread, int policy, int* priority);

    [LibraryImport("libc", SetLastError = true)] private static partial int epoll_create1(int flags);

    [LibraryImport("libc", SetLastError = true)] private static partial int epoll_ctl(int poll, int operation, int descriptor, byte* change);

    [LibraryImport("libc", SetLastError = true)] private static partial int epoll_wait(int poll, byte* events, int most, int milliseconds);

    [LibraryImport("libc", SetLastError = true)] private static partial int eventfd(uint initial, int flags);

    [LibraryImport("libc", SetLastError = true)] private static partial nint recv(int socket, byte* into, nint length, int flags);

    [LibraryImport("libc", SetLastError = true)] private static partial nint send(int socket, void* from, nint length, int flags);

    [LibraryImport("libc", SetLastError = true)] private static partial nint sendmsg(int socket, Message* message, int flags);

    [LibraryImport("libc")] private static partial nint read(int descriptor, void* into, nint length);

    [LibraryImport("libc")] private static partial nint write(int descriptor, void* from, nint length);

    [LibraryImport("libc")] private static partial int close(int descriptor);

    /// <summary>struct iovec.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Stretch
    {
        public void* Start;
        public nint Length;
    }

    /// <summary>struct msghdr.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Message
    {
        public void* Name;
        public nint NameLength;
        public Stretch* Stretches;
        public nint Count;
        public void* Control;
        public nint ControlLength;
        public nint Flags;
    }
}
