package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	_ "google.golang.org/grpc/encoding/gzip" // Registers the compressor.
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/emptypb"

	"frameline.dev/interop/interopv1"
)

type library struct {
	// By value, as its documentation asks: Burn then answers UNIMPLEMENTED.
	interopv1.UnimplementedLibraryServer
}

func (*library) EchoBook(_ context.Context, book *interopv1.Book) (*interopv1.Book, error) {
	return book, nil
}

func (*library) PrintBook(_ context.Context, book *interopv1.Book) (*interopv1.JsonText, error) {
	text, err := protojson.Marshal(book)
	if err != nil {
		return nil, status.Error(codes.InvalidArgument, err.Error())
	}
	return &interopv1.JsonText{Text: string(text)}, nil
}

func (*library) ReadBook(_ context.Context, json *interopv1.JsonText) (*interopv1.Book, error) {
	book := &interopv1.Book{}
	if err := protojson.Unmarshal([]byte(json.GetText()), book); err != nil {
		return nil, status.Error(codes.InvalidArgument, err.Error())
	}
	return book, nil
}

func (*library) ListBooks(request *interopv1.ListBooksRequest, stream grpc.ServerStreamingServer[interopv1.Book]) error {
	if request.GetGzip() {
		if err := grpc.SetSendCompressor(stream.Context(), "gzip"); err != nil {
			return err
		}
	}
	cover := []byte(strings.Repeat("cover ", int(request.GetCoverSize())/6+1))[:request.GetCoverSize()]
	for number := range request.GetCount() {
		if request.GetFailAfter() > 0 && number == request.GetFailAfter() {
			return status.Errorf(codes.Aborted, "stopped after %d books", number)
		}
		book := &interopv1.Book{Name: fmt.Sprintf("books/%d", number), Pages: int64(number), Cover: cover}
		if err := stream.Send(book); err != nil {
			return err
		}
	}
	if request.GetStay() {
		<-stream.Context().Done()
		return status.FromContextError(stream.Context().Err()).Err()
	}
	return nil
}

func (*library) AddBooks(stream grpc.ClientStreamingServer[interopv1.Book, interopv1.AddBooksResponse]) error {
	response := &interopv1.AddBooksResponse{}
	for {
		book, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return stream.SendAndClose(response)
		}
		if err != nil {
			return err
		}
		response.Count++
		response.Pages += uint64(book.GetPages())
	}
}

func (*library) Discuss(stream grpc.BidiStreamingServer[interopv1.Remark, interopv1.Remark]) error {
	for {
		remark, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := stream.Send(remark); err != nil {
			return err
		}
	}
}

func (*library) Fail(_ context.Context, request *interopv1.FailRequest) (*emptypb.Empty, error) {
	failure := status.New(codes.Code(request.GetCode()), request.GetMessage())
	if !request.GetDetails() {
		return nil, failure.Err()
	}
	detailed, err := failure.WithDetails(
		&errdetails.ErrorInfo{
			Reason:   "SHELF_FULL",
			Domain:   "library.example",
			Metadata: map[string]string{"shelf": "9007199254740993"},
		},
		&errdetails.BadRequest{FieldViolations: []*errdetails.BadRequest_FieldViolation{
			{Field: "book.pages", Description: "must not be negative"},
		}},
		&errdetails.RetryInfo{RetryDelay: durationpb.New(1500 * time.Millisecond)},
		&interopv1.Book{Name: "books/1", Pages: 9007199254740993},
	)
	if err != nil {
		return nil, err
	}
	return nil, detailed.Err()
}

func (*library) Wait(ctx context.Context, _ *emptypb.Empty) (*emptypb.Empty, error) {
	<-ctx.Done()
	return nil, status.FromContextError(ctx.Err()).Err()
}

func (*library) Inspect(ctx context.Context, request *interopv1.InspectRequest) (*interopv1.InspectResponse, error) {
	response := &interopv1.InspectResponse{}
	echoed := metadata.MD{}
	received, _ := metadata.FromIncomingContext(ctx)
	for key, values := range received {
		for _, value := range values {
			response.Metadata = append(response.Metadata, &interopv1.MetadataValue{Key: key, Value: []byte(value)})
			if strings.HasPrefix(key, "x-") {
				echoed.Append(key, value)
			}
		}
	}
	if deadline, ok := ctx.Deadline(); ok {
		response.Remaining = time.Until(deadline).Milliseconds()
	}
	header := echoed.Copy()
	if size := int(request.GetHeaderSize()); size > 0 {
		header.Set("x-large", strings.Repeat("a~", size/2))
	}
	if err := grpc.SetHeader(ctx, header); err != nil {
		return nil, err
	}
	return response, grpc.SetTrailer(ctx, echoed)
}
