// gRPC of the fleet (../README.md) on Grpc.AspNetCore and Grpc.Net.Client.
using RpcProgram;

if (args[0] == "server")
{
    await RpcServer.RunAsync(args[1], args[2..]);
}
else
{
    await RpcClient.RunAsync(args[1], args[2], args[3], args[4], args[5..]);
}
